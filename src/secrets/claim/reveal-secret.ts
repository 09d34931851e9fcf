import type { RevealedSecret } from '@burnbag/contract';
import { Injectable } from '@nestjs/common';

import { EnvelopeDamagedError } from '../../crypto/crypto.errors.js';
import type { RevealSecretDto } from './open-secret.dto.js';
import { decodeFileContents } from './file-contents.js';
import { ConsumeView, type OpenedView } from './consume-view.js';
import { PayloadPlace } from './payload-place.js';
import type { SecretIds } from '../record/secret-ids.js';
import { RedisSecretStore } from '../record/redis-secret.store.js';
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
  constructor(
    private readonly store: RedisSecretStore,
    private readonly views: ConsumeView,
    private readonly payloads: PayloadPlace,
  ) {}

  /** @throws ProblemError for every refusal; none of them spends the view */
  async execute(secret: SecretIds, dto: RevealSecretDto, context: RequestContext): Promise<RevealedSecret> {
    await this.requirePayload(secret);
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

  /** A manifest whose files this replica cannot read is not worth a view. Reads the kind only where files are elsewhere. */
  private async requirePayload({ ref }: SecretIds): Promise<void> {
    const refusal = this.payloads.refusal();
    if (!refusal) return;
    const look = await this.store.look(ref);
    if (look.kind === 'ok' && look.facts.files) throw refusal;
  }
}
