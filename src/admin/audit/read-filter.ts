import { Injectable } from '@nestjs/common';

import { AuditContext } from '../../audit/events/audit-context.js';
import { validationFailed } from '../../platform/http/problem/common.errors.js';
import { parseIpAddress } from '../../common/ip-address.js';
import type { AuditFilter } from './audit-filter.js';
import { ADDRESS_BEGINNING, ADDRESS_HASHED, type AuditFilterDto } from './audit-query.dto.js';

const BEGINNING = new RegExp(ADDRESS_BEGINNING);
const HASHED = new RegExp(ADDRESS_HASHED);

/** Builds a filter from the parameters. */
@Injectable()
export class ReadFilter {
  constructor(private readonly origins: AuditContext) {}

  /** @throws ProblemError validation_failed */
  execute({ from, to, ref, actor, action, address }: AuditFilterDto): AuditFilter {
    const filter = {
      from: from === undefined ? undefined : Date.parse(from),
      to: to === undefined ? undefined : Date.parse(to),
      ref,
      actor,
      action,
      address: address === undefined ? undefined : this.addressIn(address),
    };
    if (filter.from !== undefined && filter.to !== undefined && filter.to <= filter.from)
      throw validationFailed([{ field: 'to', message: 'must be after "from"' }]);
    return filter;
  }

  private addressIn(text: string): NonNullable<AuditFilter['address']> {
    const beginning = BEGINNING.exec(text)?.[1];
    if (beginning !== undefined) return { prefix: beginning.toLowerCase() };
    const whole = parseIpAddress(text);
    if (whole !== undefined) return { exact: this.origins.keeps(whole) ?? whole };
    if (HASHED.test(text)) return { exact: text };
    const message =
      'must be an IP address, the beginning of one followed by *, or the hash that is kept of one';
    throw validationFailed([{ field: 'address', message }]);
  }
}
