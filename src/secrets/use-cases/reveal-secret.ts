import type { RevealedSecret } from '@burnbag/contract';
import { Injectable } from '@nestjs/common';

import { EnvelopeDamagedError } from '../../crypto/crypto.errors.js';
import type { RevealSecretDto } from '../dto/open-secret.dto.js';
import { decodeFileContents } from '../file-contents.js';
import { OpenView, type OpenedView } from '../open-view.js';
import type { SecretIds } from '../secret-ids.js';
import { recordDamaged } from '../secrets.errors.js';
import type { RequestContext } from '../request-context.js';

/** The visible part of the content: of files the manifest, never the key of the blob. */
function readable({ facts, content }: OpenedView): Buffer {
  if (!facts.files) return content;
  try {
    return decodeFileContents(content).manifest;
  } catch (error) {
    if (error instanceof EnvelopeDamagedError) throw recordDamaged();
    throw error;
  }
}

/** Takes one view and returns its content. */
@Injectable()
export class RevealSecret {
  constructor(private readonly views: OpenView) {}

  /** @throws ProblemError for every refusal; none of them spends the view */
  async execute(secret: SecretIds, dto: RevealSecretDto, context: RequestContext): Promise<RevealedSecret> {
    const view = await this.views.execute(secret, dto, context);
    const { sealed, files } = view.facts;
    return {
      content: readable(view).toString(sealed ? 'base64' : 'utf8'),
      sealed,
      ...(files && { files }),
      viewsLeft: view.viewsLeft,
      ...(view.leaseEnd !== undefined && { leaseExpiresAt: new Date(view.leaseEnd).toISOString() }),
    };
  }
}
