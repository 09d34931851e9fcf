import { Injectable } from '@nestjs/common';

import { AuditContext, type RequestOrigin } from '../audit/events/audit-context.js';
import { clientOf } from '../auth/client-of.js';
import { principalOf } from '../auth/request-principal.js';
import type { Reader } from './recipients/recipients.js';

/** The client of a secret. */
export interface RequestContext {
  /** Of the audit event, see AuditContext. */
  readonly origin: string;
  readonly reader: Reader;
  /** See clientOf. */
  readonly client: string;
}

/** Only people have an e-mail address: the owner of an API token cannot be a recipient. */
@Injectable()
export class RequestContexts {
  constructor(private readonly origins: AuditContext) {}

  of(request: RequestOrigin): RequestContext {
    const principal = principalOf(request);
    const reader = principal.kind === 'person' ? { email: principal.email } : 'nobody';
    return { origin: this.origins.of(request), reader, client: clientOf(request) };
  }
}
