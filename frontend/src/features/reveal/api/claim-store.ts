import { CLAIM_BYTES } from '@burnbag/contract';
import { base64urlnopad } from '@scure/base';
import { randomBytes } from '../../../lib/random';
import { sessionStore } from '../../../lib/storage';

const keyOf = (id: string): string => `burnbag.claim.${id.toLowerCase()}`;

/** The claims of this tab: after a reload or a broken connection the same claim gets the same answer. */
export const claims = {
  held: (id: string): string | undefined => sessionStore.get(keyOf(id)),

  /** @returns the claim that this tab holds for the secret; makes one the first time */
  take(id: string): string {
    const held = claims.held(id);
    if (held) return held;
    const claim = base64urlnopad.encode(randomBytes(CLAIM_BYTES));
    sessionStore.set(keyOf(id), claim);
    return claim;
  },

  drop: (id: string): void => sessionStore.remove(keyOf(id)),
};
