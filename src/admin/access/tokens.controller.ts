import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';

import { Allow } from '../../auth/access.decorator.js';
import { Caller } from '../../auth/caller.decorator.js';
import type { Principal } from '../../auth/principal.js';
import { ApiTokens } from '../../auth/tokens/api-tokens.service.js';
import { tokenPage, TokenPageDto } from '../../auth/tokens/tokens.dto.js';
import { DoneAnswer, OpenedAnswer } from '../../common/answers.openapi.js';
import { ValidQuery } from '../../common/valid-body.js';
import { RateLimit } from '../../rate-limit/rate-limit.decorator.js';
import { AdminActs } from '../admin-acts.js';
import { AdminActProblems, AdminProblems } from '../admin.openapi.js';
import { TokensQueryDto } from './access.dto.js';

const PAGE = 50;

@ApiTags('admin')
@Controller('admin/tokens')
export class AdminTokensController {
  constructor(
    private readonly tokens: ApiTokens,
    private readonly acts: AdminActs,
  ) {}

  @Get()
  @Allow('admins')
  @RateLimit('status')
  @ApiOperation({ summary: 'List the API tokens of all accounts' })
  @OpenedAnswer(200, TokenPageDto)
  @AdminProblems('validation_failed')
  async list(@ValidQuery(TokensQueryDto) { limit, cursor }: TokensQueryDto): Promise<TokenPageDto> {
    return tokenPage(await this.tokens.list(undefined, Number(limit ?? PAGE), cursor));
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('admins')
  @RateLimit('status')
  @ApiOperation({ summary: 'Revoke an API token of any account, at once' })
  @ApiParam({ name: 'id', description: 'Its public handle, 32 hex digits.' })
  @DoneAnswer()
  @AdminActProblems('token_not_found')
  async revoke(@Param('id') token: string, @Caller() caller: Principal): Promise<void> {
    await this.tokens.revoke(token, undefined);
    this.acts.note(caller, 'revoked a token', { token });
  }
}
