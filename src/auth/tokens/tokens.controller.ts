import { TOKEN_PAGE_MAX } from '@burnbag/contract';
import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';

import { DoneAnswer, OpenedAnswer } from '../../common/answers.openapi.js';
import { ValidBody } from '../../common/valid-body.js';
import { RateLimit } from '../../rate-limit/rate-limit.decorator.js';
import { Allow } from '../access.decorator.js';
import { forbidden } from '../access.errors.js';
import { AuthProblems } from '../auth.openapi.js';
import { Caller } from '../caller.decorator.js';
import { accountOf, type Person } from '../principal.js';
import { ApiTokens } from './api-tokens.service.js';
import { PAGE_DEFAULT, pageOf, type PageQuery } from './page-query.js';
import { IssuedTokenDto, IssueTokenDto, tokenAnswer, tokenPage, TokenPageDto } from './tokens.dto.js';

const PEOPLE = ['sign_in_required', 'forbidden', 'token_invalid'];

/** API tokens of the signed-in person. */
@ApiTags('tokens')
@Controller('tokens')
export class TokensController {
  constructor(private readonly tokens: ApiTokens) {}

  @Allow('people')
  @Get()
  @RateLimit('status')
  @ApiOperation({ summary: 'Your API tokens, the newest first' })
  @ApiQuery({
    name: 'limit',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: TOKEN_PAGE_MAX, default: PAGE_DEFAULT },
  })
  @ApiQuery({ name: 'cursor', required: false, description: 'nextCursor of the page before.' })
  @OpenedAnswer(200, TokenPageDto)
  @AuthProblems('validation_failed', ...PEOPLE)
  async list(@Caller() caller: Person, @Query() query: PageQuery): Promise<TokenPageDto> {
    const { limit, cursor } = pageOf(query);
    return tokenPage(await this.tokens.list(accountOf(caller), limit, cursor));
  }

  @Allow('people')
  @Post()
  @RateLimit('create')
  @ApiOperation({ summary: 'Make an API token, which this answer alone shows' })
  @ApiBody({ type: IssueTokenDto })
  @OpenedAnswer(201, IssuedTokenDto)
  @AuthProblems('validation_failed', 'csrf_refused', 'storage_full', ...PEOPLE)
  async issue(
    @Caller() caller: Person,
    @ValidBody(IssueTokenDto) wish: IssueTokenDto,
  ): Promise<IssuedTokenDto> {
    // A person cannot grant a scope without the right itself: the statistics are for administrators.
    if (wish.scopes.includes('stats') && !caller.isAdmin) throw forbidden();
    const { secret, token } = await this.tokens.issue(wish, accountOf(caller));
    return { secret, token: tokenAnswer(token) };
  }

  @Allow('people')
  @Delete(':id')
  @HttpCode(204)
  @RateLimit('status')
  @ApiOperation({ summary: 'Revoke one of your API tokens: it is refused at once' })
  @ApiParam({ name: 'id', description: 'Its public handle.' })
  @DoneAnswer()
  @AuthProblems('csrf_refused', 'token_not_found', ...PEOPLE)
  async revoke(@Caller() caller: Person, @Param('id') id: string): Promise<void> {
    await this.tokens.revoke(id, accountOf(caller));
  }
}
