import { type Person, TOKEN_PAGE_MAX } from '@burnbag/contract';
import { Controller, Param, Query } from '@nestjs/common';
import { ApiBody, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';

import { ValidBody } from '../../platform/http/validation/valid-body.js';
import { Route } from '../../platform/route/route.decorator.js';
import { forbidden } from '../access.errors.js';
import { Caller } from '../caller.decorator.js';
import { accountOf } from '../principal.js';
import { ApiTokens } from './api-tokens.service.js';
import { PAGE_DEFAULT, pageOf, TOKEN_CURSOR, type PageQuery } from './page-query.js';
import { IssuedTokenDto, IssueTokenDto, tokenAnswer, tokenPage, TokenPageDto } from './tokens.dto.js';

/** API tokens of the signed-in person. */
@ApiTags('tokens')
@Controller('tokens')
export class TokensController {
  constructor(private readonly tokens: ApiTokens) {}

  @Route('GET', '', {
    allow: 'people',
    limit: 'status',
    summary: 'Your API tokens, the newest first',
    answer: { status: 200, body: TokenPageDto },
    problems: ['validation_failed'],
  })
  @ApiQuery({
    name: 'limit',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: TOKEN_PAGE_MAX, default: PAGE_DEFAULT },
  })
  @ApiQuery({
    name: 'cursor',
    required: false,
    description: 'nextCursor of the page before.',
    schema: { type: 'string', pattern: TOKEN_CURSOR },
  })
  async list(@Caller() caller: Person, @Query() query: PageQuery): Promise<TokenPageDto> {
    const { limit, cursor } = pageOf(query);
    return tokenPage(await this.tokens.list(accountOf(caller), limit, cursor));
  }

  @Route('POST', '', {
    allow: 'people',
    limit: 'create',
    summary: 'Make an API token, which this answer alone shows',
    answer: { status: 201, body: IssuedTokenDto },
    problems: ['validation_failed', 'storage_full'],
  })
  @ApiBody({ type: IssueTokenDto })
  async issue(
    @Caller() caller: Person,
    @ValidBody(IssueTokenDto) request: IssueTokenDto,
  ): Promise<IssuedTokenDto> {
    // A person cannot grant a scope without the right itself: the statistics are for administrators.
    if (request.scopes.includes('stats') && !caller.isAdmin) throw forbidden();
    const { secret, token } = await this.tokens.issue(request, accountOf(caller));
    return { secret, token: tokenAnswer(token) };
  }

  @Route('DELETE', ':id', {
    allow: 'people',
    limit: 'status',
    summary: 'Revoke one of your API tokens: it is refused at once',
    answer: { status: 204 },
    problems: ['token_not_found'],
  })
  @ApiParam({ name: 'id', description: 'Its public handle.' })
  async revoke(@Caller() caller: Person, @Param('id') id: string): Promise<void> {
    await this.tokens.revoke(id, accountOf(caller));
  }
}
