import type { Receipt } from '@burnbag/contract';
import { Controller, Param, Req } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';

import { AuditContext, type RequestOrigin } from '../../audit/events/audit-context.js';
import { Route } from '../../platform/route/route.decorator.js';
import { ReceiptDto } from '../secret-answers.dto.js';
import { BurnSecret } from '../burn/burn-secret.js';
import { ReadReceipt } from './read-receipt.js';

const TOKEN_PARAM = { name: 'receiptToken', description: 'The token after the # of the receipt link.' };

@ApiTags('receipts')
@Controller('receipts')
export class ReceiptsController {
  constructor(
    private readonly readReceipt: ReadReceipt,
    private readonly burnSecret: BurnSecret,
    private readonly origins: AuditContext,
  ) {}

  @Route('GET', ':receiptToken', {
    allow: 'receipts',
    limit: 'status',
    summary: 'Show what happened to a secret',
    answer: { status: 200, body: ReceiptDto },
    problems: ['receipt_invalid', 'record_damaged'],
  })
  @ApiParam(TOKEN_PARAM)
  read(@Param('receiptToken') token: string): Promise<Receipt> {
    return this.readReceipt.execute(token);
  }

  @Route('DELETE', ':receiptToken', {
    allow: 'receipts',
    limit: 'reveal',
    summary: 'Destroy the secret of a receipt unread',
    answer: { status: 204 },
    problems: ['receipt_invalid', 'secret_not_found', 'secret_gone'],
  })
  @ApiParam(TOKEN_PARAM)
  burn(@Param('receiptToken') token: string, @Req() request: RequestOrigin): Promise<void> {
    return this.burnSecret.bySender(token, this.origins.of(request));
  }
}
