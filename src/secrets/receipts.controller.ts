import { Controller, Delete, Get, HttpCode, Param, Req } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';

import { AuditOrigins, type RequestOrigin } from '../audit/audit-origins.js';
import { Allow } from '../auth/access.decorator.js';
import { REFUSED } from '../auth/access.openapi.js';
import { DoneAnswer, OpenedAnswer } from '../common/answers.openapi.js';
import { RateLimit } from '../rate-limit/rate-limit.decorator.js';
import { ReceiptDto } from './dto/secret-answers.dto.js';
import { Problems } from './secrets.openapi.js';
import { BurnSecret } from './use-cases/burn-secret.js';
import { ReadReceipt, type ReceiptView } from './use-cases/read-receipt.js';

const TOKEN_PARAM = { name: 'receiptToken', description: 'The token after the # of the receipt link.' };

@ApiTags('receipts')
@Controller('receipts')
export class ReceiptsController {
  constructor(
    private readonly readReceipt: ReadReceipt,
    private readonly burnSecret: BurnSecret,
    private readonly origins: AuditOrigins,
  ) {}

  @Allow('receipts')
  @Get(':receiptToken')
  @RateLimit('status')
  @ApiOperation({ summary: 'Show what happened to a secret' })
  @ApiParam(TOKEN_PARAM)
  @OpenedAnswer(200, ReceiptDto)
  @Problems(...REFUSED.receipts, 'receipt_invalid', 'record_damaged')
  read(@Param('receiptToken') token: string): Promise<ReceiptView> {
    return this.readReceipt.execute(token);
  }

  @Allow('receipts')
  @Delete(':receiptToken')
  @HttpCode(204)
  @RateLimit('reveal')
  @ApiOperation({ summary: 'Destroy the secret of a receipt unread' })
  @ApiParam(TOKEN_PARAM)
  @DoneAnswer()
  @Problems(...REFUSED.receipts, 'receipt_invalid', 'secret_not_found', 'secret_gone')
  burn(@Param('receiptToken') token: string, @Req() request: RequestOrigin): Promise<void> {
    return this.burnSecret.bySender(token, this.origins.of(request));
  }
}
