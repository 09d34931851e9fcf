import { createHash, randomBytes } from 'node:crypto';

import type { SeededRandom } from './seeded-random.js';

/** What guards a secret: nothing, its link's proof, a proof whose wrong ones are counted, a passphrase. */
export type Guard = 'none' | 'proof' | 'counted' | 'passphrase';
export type Offer = 'right' | 'wrong' | 'none';

/** One action on a secret. `claim` numbers the claims of the secret's readers. */
export type Step =
  | { readonly does: 'claim'; readonly claim: number; readonly offer: Offer }
  | { readonly does: 'fetch'; readonly offer: Offer }
  | { readonly does: 'acknowledge'; readonly claim: number }
  | { readonly does: 'burn'; readonly offer: Offer }
  | { readonly does: 'burn by sender'; readonly by: 'link' | 'receipt' }
  | { readonly does: 'look' }
  | { readonly does: 'read the receipt' };

/** A secret and what will be done to it: each actor does its steps in order, all actors at once. */
export interface LifePlan {
  readonly guard: Guard;
  readonly maxViews: number;
  readonly ttlSeconds: number;
  readonly content: string;
  readonly actors: readonly (readonly Step[])[];
}

const LONG_TTL = 86_400;
/** Argon2id takes 46 MiB and a core's tenth of a second each time: few secrets have it, the rule is the same. */
const GUARDS = { none: 500, proof: 240, counted: 254, passphrase: 6 };
const STEPS = {
  claim: 44,
  fetch: 8,
  acknowledge: 14,
  burn: 5,
  'burn by sender': 3,
  look: 11,
  'read the receipt': 7,
};

function offerFor(guard: Guard, random: SeededRandom): Offer {
  if (guard === 'none') return 'none';
  return random.pick(guard === 'proof' ? { right: 8, wrong: 1, none: 1 } : { right: 5, wrong: 5, none: 1 });
}

function stepFor(guard: Guard, claims: number, random: SeededRandom): Step {
  const does = random.pick(STEPS);
  switch (does) {
    case 'claim':
      return { does, claim: random.between(0, claims), offer: offerFor(guard, random) };
    case 'acknowledge':
      return { does, claim: random.between(0, claims) };
    case 'fetch':
    case 'burn':
      return { does, offer: offerFor(guard, random) };
    case 'burn by sender':
      return { does, by: random.pick({ link: 1, receipt: 1 }) };
    case 'look':
    case 'read the receipt':
      return { does };
  }
}

/** A sealed content need only look like an age file: what is inside is nobody's business here. */
function sealedContent(text: string): string {
  return Buffer.from(`age-encryption.org/v1\n${text}`).toString('base64');
}

export function planLife(n: number, random: SeededRandom): LifePlan {
  const guard = random.pick(GUARDS);
  const maxViews = random.next() < 0.5 ? 1 : random.between(2, 6);
  const ttlSeconds = random.next() < 0.08 ? random.between(1, 6) : LONG_TTL;
  const text = `the secret of life ${n}`;
  const content = guard === 'proof' || guard === 'counted' ? sealedContent(text) : text;
  const claims = random.between(0, maxViews);
  const racing = random.next() < 0.25 ? random.between(2, 4) : 1;
  const most = guard === 'passphrase' ? 6 : Math.ceil(7 / racing);
  const actors = Array.from({ length: racing }, () =>
    Array.from({ length: random.between(1, most) }, () => stepFor(guard, claims, random)),
  );
  return { guard, maxViews, ttlSeconds, content, actors };
}

/** What a sender and the readers of one life hold. */
export interface Credentials {
  readonly right: Readonly<Record<string, string>>;
  readonly wrong: Readonly<Record<string, string>>;
  readonly proofHash: string | undefined;
  claim(n: number): string;
}

export function newCredentials(guard: Guard): Credentials {
  const claims: string[] = [];
  const claim = (n: number): string => (claims[n] ??= randomBytes(16).toString('base64url'));
  if (guard === 'none') return { right: {}, wrong: {}, proofHash: undefined, claim };
  if (guard === 'passphrase') {
    return {
      right: { passphrase: 'correct horse' },
      wrong: { passphrase: 'guess' },
      proofHash: undefined,
      claim,
    };
  }
  const proof = randomBytes(32);
  const proofHash = createHash('sha256').update(proof).digest('base64url');
  const wrong = { proof: randomBytes(32).toString('base64url') };
  return { right: { proof: proof.toString('base64url') }, wrong, proofHash, claim };
}
