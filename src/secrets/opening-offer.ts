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

/** What somebody who wants to open or burn brings along, made into what the store compares. */
@Injectable()
export class OpeningOffer {
  constructor(
    private readonly looking: ReaderLook,
    private readonly guards: GuardKeys,
    private readonly report: RefusalReport,
  ) {}

  /** @throws ProblemError for what is refused before a passphrase is even looked at */
  async keyFor(secret: SecretAddress, offered: Offered, visitor: Visitor): Promise<GuardKey> {
    const wanted = offered.passphrase === undefined ? offered : await this.asked(secret, offered, visitor);
    return this.guards.forOpening(wanted, secret.id, visitor.client);
  }

  /**
   * Argon2id takes 46 MiB: it is not run for a secret that is gone, locked or somebody else's. A passphrase that nobody asked for is
   * left out, since its key would fail to open a content that was sealed without one, after the view was spent.
   */
  private async asked(
    secret: SecretAddress,
    { passphrase, proof, claim }: Offered,
    visitor: Visitor,
  ): Promise<Offered> {
    const look = await this.looking.execute(secret, visitor);
    if (look.kind !== 'ok') throw this.report.problem(look);
    // Somebody else's guesses must not take a view from a reader who has it and fetches it again.
    const mayRetry = look.state.claimed || (claim !== undefined && look.state.leases > 0);
    if (look.locked && !mayRetry) {
      throw problemOf({ kind: 'locked', until: look.state.lockUntil });
    }
    const isAsked = look.facts.passphraseRequired && !look.facts.sealed;
    if (isAsked && passphrase !== undefined) return { passphrase };
    return proof === undefined ? {} : { proof };
  }
}
