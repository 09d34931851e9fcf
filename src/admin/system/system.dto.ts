import {
  KEY_STATES,
  TRAIL_STATES,
  type KeyState,
  type SystemState,
  type TrailState,
  type Verification,
} from '@burnbag/contract';
import { ApiProperty } from '@nestjs/swagger';

const TIME = '2026-11-21T14:02:00.000Z';

export class VerificationDto implements Verification {
  @ApiProperty({ format: 'date-time', example: TIME }) at!: string;
  @ApiProperty({ description: 'The trail is intact.' }) intact!: boolean;
  @ApiProperty({ description: 'Valid rows; those before the finding when there is one.', example: 12_345 })
  events!: number;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The first finding, as `audit verify` prints it.',
    example: null,
  })
  finding!: string | null;
}

class OutboxDto {
  @ApiProperty({ description: 'Events that are not in the database yet.', example: 0 }) waiting!: number;
  @ApiProperty({ description: 'Limit past which new secrets are refused.', example: 100_000 }) max!: number;
  @ApiProperty({ type: Number, nullable: true, example: null }) oldestAgeSeconds!: number | null;
}

class DatabaseDto {
  @ApiProperty({ enum: ['postgresql', 'pglite'] }) engine!: 'postgresql' | 'pglite';
  @ApiProperty() reachable!: boolean;
}

class RedisDto {
  @ApiProperty() reachable!: boolean;
  @ApiProperty({ type: String, nullable: true, example: '7.2.4' }) version!: string | null;
  @ApiProperty({ type: Number, nullable: true, example: 2_097_152 }) usedMemoryBytes!: number | null;
}

class FileStoreDto {
  @ApiProperty({ enum: ['disk', 's3'] }) store!: 'disk' | 's3';
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'null: it does not answer.',
    example: 52_428_800,
  })
  bytesStored!: number | null;
  @ApiProperty({ example: 10_737_418_240 }) quotaBytes!: number;
}

class KeyDto {
  @ApiProperty({ example: 1 }) id!: number;
  @ApiProperty({ enum: KEY_STATES }) state!: KeyState;
}

class ChainDto {
  @ApiProperty({
    enum: TRAIL_STATES,
    description: 'State by the relay.',
  })
  state!: TrailState;
  @ApiProperty({ description: 'A verification runs in this process.' }) verifying!: boolean;
  @ApiProperty({
    description: 'Events that the database refused: their bytes are kept, and the chain names them.',
    example: 0,
  })
  setAsideEvents!: number;
  @ApiProperty({ type: VerificationDto, nullable: true, example: null })
  lastVerification!: VerificationDto | null;
}

export class SystemDto implements SystemState {
  @ApiProperty({ example: '1.0.0' }) version!: string;
  @ApiProperty({ description: 'Events that wait in Redis for the database.' }) outbox!: OutboxDto;
  @ApiProperty({ description: 'Of the audit trail.' }) database!: DatabaseDto;
  @ApiProperty({ description: 'null: it does not answer.' }) redis!: RedisDto;
  @ApiProperty({ description: 'All stored files together.' }) files!: FileStoreDto;
  @ApiProperty({ type: [KeyDto], description: 'Ids and states; never keys.' }) keyring!: KeyDto[];
  @ApiProperty({ description: 'Whether the trail is intact.' }) chain!: ChainDto;
}
