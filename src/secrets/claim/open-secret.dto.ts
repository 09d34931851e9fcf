import { CLAIM_BYTES, PASSPHRASE_MAX_CHARACTERS, PROOF_BYTES } from '@burnbag/contract';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { base64UrlPattern, IsBase64UrlOf, MayBeAbsent } from '../../platform/http/validation/validators.js';
import { IsOptionalPassphrase } from '../credentials/passphrase.decorator.js';

/** Credentials of a secret: its passphrase, or the proof that only its link can make. */
export class BurnSecretDto {
  @ApiPropertyOptional({
    example: 'correct horse battery staple',
    minLength: 1,
    maxLength: PASSPHRASE_MAX_CHARACTERS,
  })
  @IsOptionalPassphrase()
  passphrase?: string;

  @ApiPropertyOptional({
    description: 'Sealed secrets: 32 bytes, base64url.',
    example: 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg',
    pattern: base64UrlPattern(PROOF_BYTES),
  })
  @MayBeAbsent()
  @IsBase64UrlOf(PROOF_BYTES)
  proof?: string;
}

/** Body of a reveal. */
export class RevealSecretDto extends BurnSecretDto {
  @ApiPropertyOptional({
    description:
      '16 random bytes, base64url. The first claim wins the view and may fetch it again while its lease runs.',
    example: 'q83vEjRWeJCrze8SNFZ4kA',
    pattern: base64UrlPattern(CLAIM_BYTES),
  })
  @MayBeAbsent()
  @IsBase64UrlOf(CLAIM_BYTES)
  claim?: string;
}

/** Names the lease to end or to renew. */
export class AcknowledgeSecretDto {
  @ApiProperty({ example: 'q83vEjRWeJCrze8SNFZ4kA', pattern: base64UrlPattern(CLAIM_BYTES) })
  @IsBase64UrlOf(CLAIM_BYTES)
  claim!: string;
}
