import type { Principal } from '@burnbag/contract';

import { accountOf, ANONYMOUS } from './principal.js';

/** A request after the guard. */
export interface Asking {
  /** null: an anonymous caller. */
  readonly principal?: Principal | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null;
  }
}

/** The caller of a request. */
export function principalOf({ principal }: Asking): Principal {
  return principal ?? ANONYMOUS;
}

/** The name of a caller in the audit trail. */
export function actorOf(principal: Principal): string {
  switch (principal.kind) {
    case 'anonymous':
      return 'anonymous';
    case 'token':
      return `token:${principal.tokenId}`;
    case 'person':
      return principal.email ?? accountOf(principal);
  }
}
