import { Injectable } from '@nestjs/common';

import { AuditOrigins, type RequestOrigin } from '../audit/audit-origins.js';
import { clientOf } from '../auth/client-of.js';
import { principalOf } from '../auth/request-principal.js';
import type { Reader } from './recipients.js';

/** Who comes to a secret. */
export interface Visitor {
  /** Of the audit event, see AuditOrigins. */
  readonly origin: string;
  readonly reader: Reader;
  /** See clientOf. */
  readonly client: string;
}

/** Only people have an address: a script with a token is nobody whom a sender could name. */
@Injectable()
export class Visitors {
  constructor(private readonly origins: AuditOrigins) {}

  of(request: RequestOrigin): Visitor {
    const principal = principalOf(request);
    const reader = principal.kind === 'person' ? { email: principal.email } : 'nobody';
    return { origin: this.origins.of(request), reader, client: clientOf(request) };
  }
}
