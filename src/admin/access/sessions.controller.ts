import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';

import { Allow } from '../../auth/access.decorator.js';
import { Caller } from '../../auth/caller.decorator.js';
import type { Principal } from '../../auth/principal.js';
import { DoneAnswer, OpenedAnswer } from '../../common/answers.openapi.js';
import { RateLimit } from '../../rate-limit/rate-limit.decorator.js';
import { AdminActs } from '../admin-acts.js';
import { AdminActProblems, AdminProblems } from '../admin.openapi.js';
import { SessionsDto } from './access.dto.js';
import { SessionList, type ListedSession } from './session-list.js';

@ApiTags('admin')
@Controller('admin/sessions')
export class AdminSessionsController {
  constructor(
    private readonly sessions: SessionList,
    private readonly acts: AdminActs,
  ) {}

  @Get()
  @Allow('admins')
  @RateLimit('status')
  @ApiOperation({ summary: 'Who is signed in' })
  @OpenedAnswer(200, SessionsDto)
  @AdminProblems()
  list(): Promise<{ sessions: readonly ListedSession[] }> {
    return this.sessions.read();
  }

  @Delete(':handle')
  @HttpCode(204)
  @Allow('admins')
  @RateLimit('status')
  @ApiOperation({ summary: 'Sign a person out, at once' })
  @ApiParam({ name: 'handle', description: 'Of the list, 16 hex digits.' })
  @DoneAnswer()
  @AdminActProblems('session_not_found')
  async revoke(@Param('handle') session: string, @Caller() caller: Principal): Promise<void> {
    await this.sessions.revoke(session);
    this.acts.note(caller, 'revoked a session', { session });
  }
}
