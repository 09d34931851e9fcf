import { PASSPHRASE_MAX_CHARACTERS, RECIPIENTS_MAX } from '@burnbag/contract';
import { Controller, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import {
  authConfig,
  filesConfig,
  secretsConfig,
  type AuthConfig,
  type FilesConfig,
  type SecretsConfig,
} from '../../platform/config/sections/app.config.js';
import { allowedExtensions } from '../../platform/config/sections/files.config.js';
import { Route } from '../../platform/route/route.decorator.js';
import { CreationPolicy } from './creation-policy.js';
import { PolicyDto } from '../secret-answers.dto.js';

@ApiTags('policy')
@Controller('policy')
export class PolicyController {
  private readonly policy: PolicyDto;

  constructor(
    @Inject(secretsConfig.KEY) config: SecretsConfig,
    @Inject(filesConfig.KEY) files: FilesConfig,
    @Inject(authConfig.KEY) auth: AuthConfig,
    creation: CreationPolicy,
  ) {
    this.policy = {
      secretMaxBytes: config.maxBytes,
      secretTtlDefaultSeconds: config.ttlDefaultSeconds,
      secretTtlMaxSeconds: config.ttlMaxSeconds,
      maxViews: config.viewsMax,
      authMode: auth.mode,
      passphraseRequired: config.passphraseRequired === 'on',
      sealedRequired: config.sealedRequired === 'on',
      filesAllowed: files.allowed === 'on',
      recipientsRequired: config.recipientsRequired === 'on',
      recipientsAllowed: creation.recipientsAllowed,
      recipientsMax: RECIPIENTS_MAX,
      claimLeaseSeconds: config.claimLeaseSeconds,
      passphraseAttempts: config.passphraseAttempts,
      passphraseLockSeconds: config.passphraseLockSeconds,
      passphraseMaxCharacters: PASSPHRASE_MAX_CHARACTERS,
      fileMaxBytes: files.maxBytes,
      fileCountMax: files.countMax,
      fileExtensions: allowedExtensions(files.extensions),
      fileLeaseSeconds: files.leaseSeconds,
    };
  }

  @Route('GET', '', {
    allow: 'everyone',
    limit: 'status',
    summary: 'The limits that this installation sets',
    answer: { status: 200, body: PolicyDto },
  })
  read(): PolicyDto {
    return this.policy;
  }
}
