import type { Principal } from '@burnbag/contract';
import { Controller, Param } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';

import { Caller } from '../../auth/caller.decorator.js';
import { ApiTokens } from '../../auth/tokens/api-tokens.service.js';
import { tokenPage, TokenPageDto } from '../../auth/tokens/tokens.dto.js';
import { ValidQuery } from '../../platform/http/validation/valid-body.js';
import { Route } from '../../platform/route/route.decorator.js';
import { AdminActs } from '../admin-acts.js';
import { TokensQueryDto } from './access.dto.js';

const PAGE = 50;

@ApiTags('admin')
@Controller('admin/tokens')
export class AdminTokensController {
  constructor(
    private readonly tokens: ApiTokens,
    private readonly acts: AdminActs,
  ) {}

  @Route('GET', '', {
    allow: 'admins',
    limit: 'status',
    summary: 'List the API tokens of all accounts',
    answer: { status: 200, body: TokenPageDto },
    problems: ['validation_failed'],
  })
  async list(@ValidQuery(TokensQueryDto) { limit, cursor }: TokensQueryDto): Promise<TokenPageDto> {
    return tokenPage(await this.tokens.list(undefined, Number(limit ?? PAGE), cursor));
  }

  @Route('DELETE', ':id', {
    allow: 'admins',
    limit: 'status',
    summary: 'Revoke an API token of any account, at once',
    answer: { status: 204 },
    problems: ['token_not_found'],
  })
  @ApiParam({ name: 'id', description: 'Its public handle, 32 hex digits.' })
  async revoke(@Param('id') token: string, @Caller() caller: Principal): Promise<void> {
    await this.tokens.revoke(token, undefined);
    this.acts.note(caller, 'revoked a token', { token });
  }
}
