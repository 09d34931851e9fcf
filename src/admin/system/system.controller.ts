import type { SystemState } from '@burnbag/contract';
import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { Route } from '../../platform/route/route.decorator.js';
import { ReadSystem } from './read-system.js';
import { SystemDto } from './system.dto.js';

@ApiTags('admin')
@Controller('admin/system')
export class SystemController {
  constructor(private readonly readSystem: ReadSystem) {}

  @Route('GET', '', {
    allow: 'admins',
    limit: 'status',
    summary: 'The state of the trail, the stores and the keyring',
    answer: { status: 200, body: SystemDto },
  })
  read(): Promise<SystemState> {
    return this.readSystem.execute();
  }
}
