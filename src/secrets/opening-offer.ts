import { Injectable } from '@nestjs/common';

import { GuardKeys, type GuardKey } from './guard-keys.js';
import { ReaderLook } from './reader-look.js';
import { RefusalReport } from './refusal-report.js';
import type { SecretAddress } from './secret-address.js';
import { problemOf } from './secrets.errors.js';
import type { Visitor } from './visitor.js';

interface Offered {
  readonly passphrase?: string;
  readonly proof?: string;
  readonly claim?: string;
}

/** The credentials of a request to open or burn, turned into the form that the store compares. */
@Injectable()
export class OpeningOffer {
  constructor(
    private readonly looking: ReaderLook,
    private readonly guards: GuardKeys,
    private readonly report: RefusalReport,
  ) {}

  /** @throws ProblemError for a refusal before the passphrase is checked */
  async keyFor(secret: SecretAddress, offered: Offered, visitor: Visitor): Promise<GuardKey> {
    const wanted = offered.passphrase === undefined ? offered : await this.asked(secret, offered, visitor);
    return this.guards.forOpening(wanted, secret.id, visitor.client);
  }

  /**
   * Argon2id takes 46 MiB: it is not run for a secret that is gone, locked or has other recipients. A
   * passphrase that the secret does not need is dropped, since its key would fail to open the content, after
   * the view was spent.
   */
  private async asked(
    secret: SecretAddress,
    { passphrase, proof, claim }: Offered,
    visitor: Visitor,
  ): Promise<Offered> {
    const look = await this.looking.execute(secret, visitor);
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
