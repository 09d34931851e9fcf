import { Inject, Injectable } from '@nestjs/common';

import {
  authConfig,
  filesConfig,
  secretsConfig,
  type AuthConfig,
  type FilesConfig,
  type SecretsConfig,
} from '../../platform/config/sections/app.config.js';
import { policyRefused } from '../secrets.errors.js';

/** The part of a creation that the operator's rules apply to. */
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

  /** Whether any sign-in can prove who a recipient is. */
  get recipientsAllowed(): boolean {
    return this.auth.mode === 'oidc';
  }

  /** @throws ProblemError policy_refused */
  require(options: RuledWishes): void {
    const { viewsMax, passphraseRequired, recipientsRequired } = this.secrets;
    if (options.maxViews !== undefined && options.maxViews > viewsMax) {
      throw policyRefused('SECRET_VIEWS_MAX', `A secret opens at most ${viewsMax} times here.`);
    }
    if (!options.sealed) this.requireServerSide();
    const guarded = options.passphrase !== undefined || options.passphraseRequired === true;
    if (passphraseRequired === 'on' && !guarded) {
      throw policyRefused('PASSPHRASE_REQUIRED', 'Every secret needs a passphrase here.');
    }
    if (options.recipients !== undefined && !this.recipientsAllowed) {
      throw policyRefused('AUTH_MODE', 'Sign-in is off here, so a named recipient could never open it.');
    }
    if (recipientsRequired === 'on' && options.recipients === undefined) {
      throw policyRefused('RECIPIENTS_REQUIRED', 'Every secret names the people who may open it here.');
    }
  }

  /** Whether this server may encrypt, and so see, the content. @throws ProblemError policy_refused */
  requireServerSide(): void {
    if (this.secrets.sealedRequired === 'on') {
      throw policyRefused('SEALED_REQUIRED', 'Only content that its sender has encrypted is accepted here.');
    }
  }

  /** @throws ProblemError policy_refused */
  requireFiles(): void {
    if (this.files.allowed === 'off') throw policyRefused('FILES', 'Files are not accepted here.');
  }
}
