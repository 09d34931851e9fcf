import type { ListedSession, Principal } from '@burnbag/contract';
import { Controller, Param } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';

import { Caller } from '../../auth/caller.decorator.js';
import { Route } from '../../platform/route/route.decorator.js';
import { AdminActs } from '../admin-acts.js';
import { SessionsDto } from './access.dto.js';
import { SessionList } from './session-list.js';

@ApiTags('admin')
@Controller('admin/sessions')
export class AdminSessionsController {
  constructor(
    private readonly sessions: SessionList,
    private readonly acts: AdminActs,
  ) {}

  @Route('GET', '', {
    allow: 'admins',
    limit: 'status',
    summary: 'Who is signed in',
    answer: { status: 200, body: SessionsDto },
  })
  list(): Promise<{ sessions: readonly ListedSession[] }> {
    return this.sessions.read();
  }

  @Route('DELETE', ':handle', {
    allow: 'admins',
    limit: 'status',
    summary: 'Sign a person out, at once',
    answer: { status: 204 },
    problems: ['session_not_found'],
  })
  @ApiParam({ name: 'handle', description: 'Of the list, 16 hex digits.' })
  async revoke(@Param('handle') session: string, @Caller() caller: Principal): Promise<void> {
    await this.sessions.revoke(session);
    this.acts.note(caller, 'revoked a session', { session });
  }
}
