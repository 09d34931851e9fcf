import { randomBytes, randomInt } from 'node:crypto';

import type { ScriptBench } from './script-bench.js';

/** What one secret went through, as the answers of the scripts tell it. */
export interface Life {
  readonly ref: string;
  /** The actions that the trail must hold, in this order. */
  readonly actions: readonly string[];
  readonly state: 'live' | 'viewed' | 'burned';
  readonly views: number;
  readonly failedAttempts: number;
  /** A lock was set and not lifted. */
  readonly locked: boolean;
}

const FACTS =
  '{"kind":"text","size":26,"sealed":false,"passphraseRequired":true,"maxViews":3,"ttlSeconds":3600}';

/** Creates a secret and does `steps` things at random to it, one after the other. */
export async function mixedLife(secret: ScriptBench, steps: number): Promise<Life> {
  const actions: string[] = [];
  const life = { state: 'live' as Life['state'], views: 0, failedAttempts: 0, locked: false };
  const claims = [randomBytes(16), randomBytes(16)];
  const isGuarded = randomInt(2) === 1;
  const facts = { maxViews: 1 + randomInt(3) };
  const verifier = () => (!isGuarded ? '' : randomInt(3) === 0 ? randomBytes(32) : secret.verifier);

  const failed = (left: number | undefined): void => {
    // A wrong passphrase under a lease is not counted.
    if (left === undefined) return;
    actions.push('attempt_failed');
    life.failedAttempts += 1;
    if (left > 0) return;
    actions.push('locked');
    life.locked = true;
  };
  const open = async (): Promise<void> => {
    const claim = claims[randomInt(3)] ?? '';
    const reply = await secret.claim({ claim, verifier: verifier() });
    if (reply.kind === 'guard-wrong') failed(reply.attemptsLeft);
    if (reply.kind !== 'ok') return;
    actions.push(reply.retried ? 'view_retried' : 'viewed');
    if (reply.retried) return;
    life.views += 1;
    if (reply.viewsLeft === 0) life.state = 'viewed';
  };
  const acknowledge = async (): Promise<void> => {
    const reply = await secret.acknowledge(claims[randomInt(2)] ?? Buffer.alloc(16));
    if (reply.kind === 'ok') actions.push('acknowledged');
  };
  const unlock = async (): Promise<void> => {
    const reply = await secret.unlock();
    if (reply.kind !== 'ok' || !reply.changed) return;
    actions.push('unlocked');
    life.locked = false;
  };
  const burn = async (): Promise<void> => {
    const reply = await secret.burn({ verifier: verifier(), receipt: randomInt(2) === 1 });
    if (reply.kind === 'guard-wrong') failed(reply.attemptsLeft);
    if (reply.kind !== 'ok') return;
    actions.push('burned');
    life.state = 'burned';
  };

  const record = isGuarded ? secret.guarded(facts) : secret.record(facts);
  const { kind } = await secret.create(record, 100_000, { facts: FACTS });
  if (kind !== 'ok') throw new Error(`create answered ${kind}`);
  actions.push('created');
  for (let step = 0; step < steps; step += 1) {
    const dice = randomInt(10);
    await (dice < 6 ? open() : dice < 8 ? acknowledge() : dice < 9 ? unlock() : burn());
  }
  return { ref: secret.ref.toString('hex'), actions, ...life };
}
