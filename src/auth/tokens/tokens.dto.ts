import {
  TOKEN_NAME_MAX_CHARACTERS,
  TOKEN_SCOPES,
  TOKEN_TTL_MAX_SECONDS,
  TOKEN_TTL_MIN_SECONDS,
  type IssuedToken,
  type IssueToken,
  type TokenAnswer,
  type TokenPageAnswer,
  type TokenScope,
} from '@burnbag/contract';
import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsInt, IsString } from 'class-validator';

import type { ApiToken } from './token-store.types.js';

const TIME = '2026-11-21T14:02:00.000Z';
/** Without control characters, and not only spaces. */
const NAME_PATTERN = String.raw`^[^\x00-\x1f\x7f-\x9f]*\S[^\x00-\x1f\x7f-\x9f]*$`;
const SCOPES = { enum: TOKEN_SCOPES, isArray: true, example: ['create'] };

export class IssueTokenDto implements IssueToken {
  @ApiProperty({
    description: 'For people.',
    minLength: 1,
    pattern: NAME_PATTERN,
    maxLength: TOKEN_NAME_MAX_CHARACTERS,
    example: 'nightly backup',
  })
  @IsString()
  name!: string;

  @ApiProperty({ ...SCOPES, minItems: 1, description: 'What it may do; stats for administrators only.' })
  @IsArray()
  scopes!: TokenScope[];

  @ApiProperty({ minimum: TOKEN_TTL_MIN_SECONDS, maximum: TOKEN_TTL_MAX_SECONDS, example: 2_592_000 })
  @IsInt()
  ttlSeconds!: number;
}

export class TokenDto implements TokenAnswer {
  @ApiProperty({ description: 'Its public handle.', example: '9d3e6d1c7a5b4f20b1f0c4a2d8e79631' })
  id!: string;
  @ApiProperty({ example: 'nightly backup' }) name!: string;
  @ApiProperty(SCOPES) scopes!: readonly TokenScope[];
  @ApiProperty({ description: 'Account of the person who made it.', example: 'oidc:248289761001' })
  owner!: string;
  @ApiProperty({ format: 'date-time', example: TIME }) createdAt!: string;
  @ApiProperty({ format: 'date-time', example: TIME }) expiresAt!: string;
  @ApiProperty({ type: String, nullable: true, description: 'To the minute.', example: TIME })
  lastUsedAt!: string | null;
}

export class TokenPageDto implements TokenPageAnswer {
  @ApiProperty({ type: [TokenDto] }) tokens!: TokenDto[];
  @ApiProperty({ type: String, nullable: true, description: 'null: this is the last page.', example: null })
  nextCursor!: string | null;
}

export class IssuedTokenDto implements IssuedToken {
  @ApiProperty({
    description: 'The token itself. It is shown now and never again.',
    example: 'bbt_Zk3vY0mVb1Jt5pQxw8eN2rXyZ0aBcDeFgHiJkLmNoPq',
  })
  secret!: string;
  @ApiProperty({ type: TokenDto, example: {} }) token!: TokenDto;
}

/** A token as the API answers it. */
export function tokenAnswer({ createdAt, expiresAt, lastUsedAt, ...token }: ApiToken): TokenDto {
  return {
    ...token,
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    lastUsedAt: lastUsedAt === undefined ? null : new Date(lastUsedAt).toISOString(),
  };
}

/** A page of tokens as the API answers it. */
export function tokenPage(page: {
  readonly tokens: readonly ApiToken[];
  readonly nextCursor: string | undefined;
}): TokenPageDto {
  return { tokens: page.tokens.map(tokenAnswer), nextCursor: page.nextCursor ?? null };
}
