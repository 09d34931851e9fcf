import { Injectable } from '@nestjs/common';

import { validationFailed } from '../../common/common.errors.js';
import { ReaderLook } from '../../secrets/reader-look.js';
import { RefusalReport } from '../../secrets/refusal-report.js';
import type { SecretAddress } from '../../secrets/secret-address.js';
import type { Visitor } from '../../secrets/visitor.js';
import type { FilesOfSecret } from './parcel.js';

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
export class LookAtFiles {
  constructor(
    private readonly lookingAs: ReaderLook,
    private readonly report: RefusalReport,
  ) {}

  /**
   * @param index as in the URL; undefined for everything
   * @throws ProblemError sign_in_required, not_recipient, secret_gone, secret_not_found (of text, too),
   * record_damaged, validation_failed
   */
  async execute(
    secret: SecretAddress,
    index: string | undefined,
    visitor: Visitor,
  ): Promise<{ facts: FilesOfSecret; index: number | undefined }> {
    const look = await this.lookingAs.execute(secret, visitor);
    if (look.kind !== 'ok') throw this.report.problem(look);
    const { files } = look.facts;
    if (!files) throw this.report.problem({ kind: 'missing' });
    const facts = { ...look.facts, files };
    return { facts, index: index === undefined ? undefined : indexIn(facts, index) };
  }
}
