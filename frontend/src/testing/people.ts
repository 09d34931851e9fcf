import type { Person, Session } from '@burnbag/contract';

export const root: Person = {
  kind: 'person',
  subject: 'root',
  isAdmin: true,
  via: 'local',
  sessionId: '0123456789abcdef',
};
export const alice: Person = {
  kind: 'person',
  subject: 'b5f1',
  name: 'Alice',
  email: 'alice@corp.example',
  isAdmin: false,
  via: 'oidc',
  sessionId: 'fedcba9876543210',
};

/** What GET /auth/session answers. @param person undefined: not signed in */
export const session = (person?: Person, change: Partial<Session> = {}): Session => ({
  authMode: 'oidc',
  signIn: { oidc: true, local: true },
  mayCreate: person !== undefined,
  principal: person ?? { kind: 'anonymous' },
  ...change,
});
