import { Injectable } from '@nestjs/common';

import { validationFailed } from '../../platform/http/problem/common.errors.js';
import { RecipientCheck } from '../../secrets/recipients/recipient-check.js';
import { RefusalMapper } from '../../secrets/record/refusal-mapper.js';
import type { SecretIds } from '../../secrets/record/secret-ids.js';
import type { RequestContext } from '../../secrets/request-context.js';
import type { FilesOfSecret } from './download-content.js';

const INDEX = /^(?:0|[1-9]\d{0,8})$/;

function badIndex(message: string, limit?: number) {
  return validationFailed([{ field: 'index', message, ...(limit !== undefined && { limit }) }]);
}

/** The position in the URL of one of the files, from 0. */
function indexIn({ sealed, files }: FilesOfSecret, index: string): number {
  if (sealed) throw badIndex('is not for sealed files: only their reader can split them');
  const last = files.count - 1;
  if (!INDEX.test(index) || Number(index) > last) throw badIndex(`must be from 0 to ${last}`, last);
  return Number(index);
}

/** Status of files, read without changing it; refuses readers who are not recipients. */
@Injectable()
export class ReadFilesStatus {
  constructor(
    private readonly recipientCheck: RecipientCheck,
    private readonly report: RefusalMapper,
  ) {}

  /**
   * @param index as in the URL; undefined for everything
   * @throws ProblemError sign_in_required, not_recipient, secret_gone, secret_not_found (of text, too),
   * record_damaged, validation_failed
   */
  async execute(
    secret: SecretIds,
    index: string | undefined,
    context: RequestContext,
  ): Promise<{ facts: FilesOfSecret; index: number | undefined }> {
    const look = await this.recipientCheck.execute(secret, context);
    if (look.kind !== 'ok') throw this.report.problem(look);
    const { files } = look.facts;
    if (!files) throw this.report.problem({ kind: 'missing' });
    const facts = { ...look.facts, files };
    return { facts, index: index === undefined ? undefined : indexIn(facts, index) };
  }
}
