import { accountOf, ANONYMOUS, type Principal } from './principal.js';

/** A request as the guard leaves it. */
export interface Asking {
  /** null: nobody said who they are. */
  readonly principal?: Principal | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null;
  }
}

/** On whose behalf a request is. */
export function principalOf({ principal }: Asking): Principal {
  return principal ?? ANONYMOUS;
}

/** The name under which the audit trail knows somebody. */
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
