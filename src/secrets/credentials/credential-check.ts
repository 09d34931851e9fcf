import { Injectable } from '@nestjs/common';

import { SecretCredentials, type GuardKey } from './secret-credentials.js';
import { RecipientCheck } from '../recipients/recipient-check.js';
import { RefusalMapper } from '../record/refusal-mapper.js';
import type { SecretIds } from '../record/secret-ids.js';
import { problemOf } from '../secrets.errors.js';
import type { RequestContext } from '../request-context.js';

interface Offered {
  readonly passphrase?: string;
  readonly proof?: string;
  readonly claim?: string;
}

/** The credentials of a request to open or burn, turned into the form that the store compares. */
@Injectable()
export class CredentialCheck {
  constructor(
    private readonly looking: RecipientCheck,
    private readonly guards: SecretCredentials,
    private readonly report: RefusalMapper,
  ) {}

  /** @throws ProblemError for a refusal before the passphrase is checked */
  async keyFor(secret: SecretIds, offered: Offered, context: RequestContext): Promise<GuardKey> {
    const wanted = offered.passphrase === undefined ? offered : await this.asked(secret, offered, context);
    return this.guards.forOpening(wanted, secret.id, context.client);
  }

  /**
   * Argon2id takes 46 MiB: it is not run for a secret that is gone, locked or has other recipients. A
   * passphrase that the secret does not need is dropped, since its key would fail to open the content, after
   * the view was spent.
   */
  private async asked(
    secret: SecretIds,
    { passphrase, proof, claim }: Offered,
    context: RequestContext,
  ): Promise<Offered> {
    const look = await this.looking.execute(secret, context);
    if (look.kind !== 'ok') throw this.report.problem(look);
    // A client that fetches its view again must not be refused because of other clients' guesses.
    const mayRetry = look.state.claimed || (claim !== undefined && look.state.leases > 0);
    if (look.locked && !mayRetry) {
      throw problemOf({ kind: 'locked', until: look.state.lockUntil });
    }
    const isAsked = look.facts.passphraseRequired && !look.facts.sealed;
    if (isAsked && passphrase !== undefined) return { passphrase };
    return proof === undefined ? {} : { proof };
  }
}
