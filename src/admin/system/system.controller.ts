import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';

import { Allow } from '../../auth/access.decorator.js';
import { OpenedAnswer } from '../../common/answers.openapi.js';
import { RateLimit } from '../../rate-limit/rate-limit.decorator.js';
import { AdminProblems } from '../admin.openapi.js';
import { ReadSystem, type SystemState } from './read-system.js';
import { SystemDto } from './system.dto.js';

@ApiTags('admin')
@Controller('admin/system')
export class SystemController {
  constructor(private readonly readSystem: ReadSystem) {}

  @Get()
  @Allow('admins')
  @RateLimit('status')
  @ApiOperation({ summary: 'The state of the trail, the stores and the keyring' })
  @OpenedAnswer(200, SystemDto)
  @AdminProblems()
  read(): Promise<SystemState> {
    return this.readSystem.execute();
  }
}
