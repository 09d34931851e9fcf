import { Inject, Injectable } from '@nestjs/common';

import {
  authConfig,
  filesConfig,
  secretsConfig,
  type AuthConfig,
  type FilesConfig,
  type SecretsConfig,
} from '../config/app.config.js';
import { policyRefused } from './secrets.errors.js';

/** What of a sender's wishes the operator may have rules for. */
export interface RuledWishes {
  readonly maxViews?: number;
  readonly passphrase?: string;
  readonly passphraseRequired?: boolean;
  readonly sealed?: boolean;
  readonly recipients?: readonly string[];
}

/** The rules that the operator has set for new secrets. Each refusal names its setting. */
@Injectable()
export class CreationPolicy {
  constructor(
    @Inject(secretsConfig.KEY) private readonly secrets: SecretsConfig,
    @Inject(filesConfig.KEY) private readonly files: FilesConfig,
    @Inject(authConfig.KEY) private readonly auth: AuthConfig,
  ) {}

  /** Whether somebody could show whom a sender names. */
  get recipientsAllowed(): boolean {
    return this.auth.mode === 'oidc';
  }

  /** @throws ProblemError policy_refused */
  require(wishes: RuledWishes): void {
    const { viewsMax, passphraseRequired, recipientsRequired } = this.secrets;
    if (wishes.maxViews !== undefined && wishes.maxViews > viewsMax) {
      throw policyRefused('SECRET_VIEWS_MAX', `A secret opens at most ${viewsMax} times here.`);
    }
    if (!wishes.sealed) this.requireServerSide();
    const guarded = wishes.passphrase !== undefined || wishes.passphraseRequired === true;
    if (passphraseRequired === 'on' && !guarded) {
      throw policyRefused('PASSPHRASE_REQUIRED', 'Every secret needs a passphrase here.');
    }
    if (wishes.recipients !== undefined && !this.recipientsAllowed) {
      throw policyRefused('AUTH_MODE', 'Nobody can sign in here, so nobody who is named could ever open it.');
    }
    if (recipientsRequired === 'on' && wishes.recipients === undefined) {
      throw policyRefused('RECIPIENTS_REQUIRED', 'Every secret names the people who may open it here.');
    }
  }

  /** That this server may encrypt, and so see, what is handed over. @throws ProblemError policy_refused */
  requireServerSide(): void {
    if (this.secrets.sealedRequired === 'on') {
      throw policyRefused('SEALED_REQUIRED', 'Only what its sender has encrypted is taken here.');
    }
  }

  /** @throws ProblemError policy_refused */
  requireFiles(): void {
    if (this.files.allowed === 'off') throw policyRefused('FILES', 'No files are taken here.');
  }
}
