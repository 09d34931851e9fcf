import type { Person, Principal } from '@burnbag/contract';

export const ANONYMOUS: Principal = Object.freeze({ kind: 'anonymous' });

/** One person's account: the same subject of two ways to sign in is two people. */
export function accountOf({ via, subject }: Pick<Person, 'via' | 'subject'>): string {
  return `${via}:${subject}`;
}
