import type { AuditAction } from '@burnbag/contract';
import { describe, expect, it } from '@jest/globals';

import type { AuditEvent, ExtraData } from './audit-event.js';
import { project } from './projection.js';

let stream = 0;
const REF = '9d3e6d1c7a5b4f20b1f0c4a2d8e79631';

function event(action: AuditAction, extra: ExtraData = {}, at = 1_000 + stream): AuditEvent {
  stream += 1;
  const origin = { actor: 'anonymous', ipAddress: null, userAgent: null };
  return { bucket: 13, streamId: `${at}-${stream}`, ref: REF, action, at, ...origin, extra };
}

describe('the projection of events', () => {
  it('makes a row of a creation', () => {
    const facts = {
      kind: 'text',
      size: 37,
      sealed: true,
      passphraseRequired: false,
      maxViews: 3,
      ttlSeconds: 60,
    };
    expect(project([event('created', facts, 5_000)])).toEqual({
      created: [
        {
          ref: REF,
          kind: 'text',
          size: 37,
          creator: 'anonymous',
          createdAt: 5_000,
          expiresAt: 65_000,
          sealed: true,
          passphraseRequired: false,
          maxViews: 3,
          recipientsOnly: false,
        },
      ],
      changes: [],
    });
  });

  it('keeps only the number of recipients', () => {
    const [secret] = project([event('created', { recipients: 2 })]).created;
    expect(secret).toMatchObject({ recipientsOnly: true });
  });

  it('adds up the views of one secret in a batch, and ends it with its last view only', () => {
    const { changes } = project([
      event('attempt_failed', { attemptsLeft: 1 }),
      event('attempt_failed', { attemptsLeft: 0 }),
      event('locked', { until: 9_000 }),
      event('viewed', { viewsLeft: 1 }),
      event('view_retried'),
    ]);
    expect(changes).toEqual([
      {
        ref: REF,
        views: 1,
        failedAttempts: 2,
        lockedUntil: 9_000,
        unlocked: false,
        state: null,
        endedAt: null,
        endedBy: null,
      },
    ]);
    const [last] = project([event('viewed', { viewsLeft: 0 }, 7_000), event('acknowledged')]).changes;
    expect(last).toMatchObject({ views: 1, state: 'viewed', endedAt: 7_000, endedBy: 'anonymous' });
  });

  it('lifts a lock, and sets a later one again', () => {
    const lock = event('locked', { until: 9_000 });
    expect(project([lock, event('unlocked')]).changes).toMatchObject([{ lockedUntil: null, unlocked: true }]);
    const again = [event('unlocked'), event('locked', { until: 12_000 })];
    expect(project(again).changes).toMatchObject([{ lockedUntil: 12_000, unlocked: true }]);
  });

  it.each(['burned', 'expired'] as const)('ends a secret that was %s', (action) => {
    expect(project([event(action, {}, 7_000)]).changes).toMatchObject([{ state: action, endedAt: 7_000 }]);
  });

  it('changes nothing for events that the table does not show', () => {
    expect(project([event('view_retried'), event('acknowledged')])).toEqual({ created: [], changes: [] });
  });
});
