import {
  type CreatedSecret,
  type Receipt,
  type RevealedSecret,
  type SecretStatus,
  type TimelineEntry,
  TRAIL_ACTIONS,
} from '@burnbag/contract';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const ID = '5f0c8f3e-6a52-4d4e-9d5e-2f1a7c9b0e11';
const REF = '9d3e6d1c7a5b4f20b1f0c4a2d8e79631';
const TIME = '2026-11-21T14:02:00.000Z';
const TOKEN = 'AQAAAAGdPm0cemtPILHwxKLY55YxAZqfWVwAAZqkgCwA3v2Kf0mYp1V6Qw8eJrXb1A';

/** Documents the answers; the use cases return plain objects. */
export class CreatedSecretDto implements CreatedSecret {
  @ApiProperty({ format: 'uuid', example: ID }) id!: string;
  @ApiProperty({ example: `https://burn.example/s/${ID}` }) url!: string;
  @ApiProperty({ description: 'What logs and administrators see.', example: REF }) ref!: string;
  @ApiProperty({ format: 'date-time', example: TIME }) expiresAt!: string;
  @ApiProperty({ description: 'Shows what happened to the secret, and burns it. Keep it.', example: TOKEN })
  receiptToken!: string;
  @ApiProperty({ example: `https://burn.example/r#${TOKEN}` }) receiptUrl!: string;
}

export class FilesDto {
  @ApiProperty({ example: 2 }) count!: number;
  @ApiProperty({ description: 'Of all files together.', example: 1_048_576 }) bytes!: number;
}

export class RevealedFilesDto extends FilesDto {
  @ApiProperty({
    description: 'What GET /files/:id hands out of sealed files: one age file of all of them.',
    example: 1_049_000,
  })
  payloadBytes!: number;
}

export class RevealedSecretDto implements RevealedSecret {
  @ApiProperty({
    description: 'Of files their manifest: {"note"?, "files": [{"name", "type", "size"}]}.',
    example: 'postgres://app:s3cr3t@db.internal/app',
  })
  content!: string;
  @ApiPropertyOptional({ type: RevealedFilesDto, description: 'Of files.' }) files?: RevealedFilesDto;
  @ApiProperty({ example: false }) sealed!: boolean;
  @ApiProperty({ example: 0 }) viewsLeft!: number;
  @ApiPropertyOptional({ format: 'date-time', example: TIME }) leaseExpiresAt?: string;
}

export class SecretStatusDto implements SecretStatus {
  @ApiProperty({ enum: ['live', 'locked', 'claimed'], example: 'live' }) state!: SecretStatus['state'];
  @ApiProperty({ example: false }) passphraseRequired!: boolean;
  @ApiPropertyOptional({ description: 'Its sender named its recipients.', example: true })
  recipientsOnly?: true;
  @ApiProperty({ example: false }) sealed!: boolean;
  @ApiProperty({ enum: ['text', 'files'], example: 'text' }) kind!: SecretStatus['kind'];
  @ApiProperty({ description: 'Bytes of the content; of all files together.', example: 37 }) size!: number;
  @ApiPropertyOptional({ type: FilesDto, description: 'Of files.' }) files?: FilesDto;
  @ApiProperty({ example: 1 }) viewsLeft!: number;
  @ApiProperty({ format: 'date-time', example: TIME }) expiresAt!: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'When locked.', example: TIME }) retryAt?: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'When claimed.', example: TIME })
  openedAt?: string;
}

export class TimelineEntryDto implements TimelineEntry {
  @ApiProperty({ enum: TRAIL_ACTIONS, example: 'viewed' }) action!: TimelineEntry['action'];
  @ApiProperty({ format: 'date-time', example: TIME }) at!: string;
  @ApiPropertyOptional({ description: 'As much of it as AUDIT_IP keeps.', example: '203.0.113.0' })
  ipAddress?: string;
  @ApiPropertyOptional({ example: 'curl/8.14.1' }) userAgent?: string;
  @ApiPropertyOptional({ description: 'After a wrong passphrase.', example: 4 }) attemptsLeft?: number;
  @ApiPropertyOptional({ description: 'After a view.', example: 0 }) viewsLeft?: number;
  @ApiPropertyOptional({ format: 'date-time', description: 'End of a lock.', example: TIME }) until?: string;
  @ApiPropertyOptional({
    enum: ['sender', 'reader', 'administrator', 'system'],
    description: 'Who burned or unlocked it.',
  })
  by?: NonNullable<TimelineEntry['by']>;
  @ApiPropertyOptional({
    description: 'Of a secret with recipients: the e-mail address of the person who opened or burned it.',
    example: 'alice@corp.example',
  })
  reader?: string;
  @ApiPropertyOptional({
    enum: ['not_recipient'],
    description: 'Why a try failed, when it was not a wrong passphrase.',
  })
  reason?: NonNullable<TimelineEntry['reason']>;
}

export class ReceiptDto implements Receipt {
  @ApiProperty({ example: REF }) ref!: string;
  @ApiProperty({
    enum: ['live', 'locked', 'claimed', 'viewed', 'burned', 'expired', 'ended'],
    example: 'viewed',
  })
  state!: Receipt['state'];
  @ApiProperty({ format: 'date-time', example: TIME }) createdAt!: string;
  @ApiProperty({ format: 'date-time', example: TIME }) expiresAt!: string;
  @ApiPropertyOptional({ format: 'date-time', example: TIME }) endedAt?: string;
  @ApiPropertyOptional({ enum: ['text', 'files'] }) kind?: SecretStatus['kind'];
  @ApiPropertyOptional({ example: 37 }) size?: number;
  @ApiPropertyOptional({ type: FilesDto, description: 'Of files.' }) files?: FilesDto;
  @ApiPropertyOptional({ example: false }) sealed?: boolean;
  @ApiPropertyOptional({ example: false }) passphraseRequired?: boolean;
  @ApiPropertyOptional({ example: true }) recipientsOnly?: true;
  @ApiPropertyOptional({ example: 1 }) viewsLeft?: number;
  @ApiPropertyOptional({ example: 1 }) maxViews?: number;
  @ApiPropertyOptional({ format: 'date-time', example: TIME }) retryAt?: string;
  @ApiPropertyOptional({ format: 'date-time', example: TIME }) openedAt?: string;
  @ApiProperty({ type: [TimelineEntryDto] }) timeline!: TimelineEntryDto[];
  @ApiProperty({ description: 'false while the audit trail is behind or unavailable.', example: true })
  timelineComplete!: boolean;
}

export class PolicyDto {
  @ApiProperty({ example: 262_144 }) secretMaxBytes!: number;
  @ApiProperty({ example: 86_400 }) secretTtlDefaultSeconds!: number;
  @ApiProperty({ example: 2_592_000 }) secretTtlMaxSeconds!: number;
  @ApiProperty({ enum: ['open', 'oidc'], description: 'oidc: creating needs a sign-in.', example: 'open' })
  authMode!: 'open' | 'oidc';
  @ApiProperty({ description: 'Every secret needs a passphrase.', example: false })
  passphraseRequired!: boolean;
  @ApiProperty({ description: 'Only sealed content is accepted.', example: false }) sealedRequired!: boolean;
  @ApiProperty({ example: true }) filesAllowed!: boolean;
  @ApiProperty({ description: 'Every secret names its recipients.', example: false })
  recipientsRequired!: boolean;
  @ApiProperty({ description: 'Whether recipients can be named.', example: false })
  recipientsAllowed!: boolean;
  @ApiProperty({ example: 20 }) recipientsMax!: number;
  @ApiProperty({ example: 100 }) maxViews!: number;
  @ApiProperty({ example: 60 }) claimLeaseSeconds!: number;
  @ApiProperty({ example: 5 }) passphraseAttempts!: number;
  @ApiProperty({ example: 900 }) passphraseLockSeconds!: number;
  @ApiProperty({ example: 256 }) passphraseMaxCharacters!: number;
  @ApiProperty({ description: 'Of all files of a secret together.', example: 524_288_000 })
  fileMaxBytes!: number;
  @ApiProperty({ example: 100 }) fileCountMax!: number;
  @ApiProperty({ type: [String], nullable: true, description: 'null: all.', example: ['pdf', 'zip'] })
  fileExtensions!: string[] | null;
  @ApiProperty({ example: 600 }) fileLeaseSeconds!: number;
}
