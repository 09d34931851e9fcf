import { hash } from 'node:crypto';

import { SET_ASIDE } from '@burnbag/contract';

import type { Queries } from '../../database/database.port.js';
import { finding, type Finding, type SetAsideEvent } from '../verify/chain-finding.js';
import type { Place } from '../chain/chain-row.js';
import type { StoredEvent } from '../chain/chain.repository.js';
import { setAsideContent, strayContent } from './set-aside.repository.js';

const NAMED_MOST = 100;

/** Compares the bytes that were set aside with their rows in the chain. */
export class SetAsideCheck {
  /** The first hundred, in the order of their rows. */
  readonly events: SetAsideEvent[] = [];

  /** @param isPruned whether retention has removed the position meanwhile */
  constructor(
    private readonly queries: Queries,
    private readonly isPruned: (place: Place) => Promise<boolean>,
  ) {}

  /** @param row a valid row of the chain */
  async row(row: StoredEvent, place: Place): Promise<Finding | undefined> {
    if (row.action !== SET_ASIDE) return undefined;
    const extra = JSON.parse(row.extraText ?? '{}') as Readonly<Record<string, unknown>>;
    const content = await setAsideContent(this.queries, place);
    if (!content) {
      if (await this.isPruned(place)) return undefined;
      return finding('removed', place, 'the bytes that were set aside for it are missing.', row);
    }
    if (hash('sha256', content) !== extra['sha256']) {
      return finding(
        'changed',
        place,
        'the bytes in audit_set_aside are not those that were set aside.',
        row,
      );
    }
    if (this.events.length < NAMED_MOST) {
      const { streamId, ref } = row;
      const reason = String(extra['reason']);
      this.events.push({ ...place, streamId: streamId ?? '', ref: ref ?? '', reason, bytes: content.length });
    }
    return undefined;
  }

  async strays(): Promise<Finding | undefined> {
    const place = await strayContent(this.queries);
    return place && finding('inserted', place, 'audit_set_aside holds bytes that were never set aside.');
  }
}
