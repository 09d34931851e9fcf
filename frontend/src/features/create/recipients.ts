import type { Policy } from './api/get-policy';

/** What the server compares: ASCII, since other letters can be taken for each other. */
const ADDRESS = /^[\u0021-\u003f\u0041-\u007e]+@[a-z0-9.-]+$/i;
const LONGEST_ADDRESS = 254;

/** Why these people cannot be named. */
export type RecipientsFault =
  { kind: 'missing' } | { kind: 'address'; address: string } | { kind: 'tooMany'; count: number };

/** The addresses in what was typed, each once. */
export const recipientsIn = (typed: string): string[] => [
  ...new Set(typed.split(/[\s,;]+/).filter((part) => part !== '')),
];

export function recipientsFaultOf(typed: string, policy: Policy): RecipientsFault | undefined {
  const named = recipientsIn(typed);
  if (named.length === 0) return policy.recipientsRequired ? { kind: 'missing' } : undefined;
  const address = named.find((each) => !ADDRESS.test(each) || each.length > LONGEST_ADDRESS);
  if (address !== undefined) return { kind: 'address', address };
  return named.length > policy.recipientsMax ? { kind: 'tooMany', count: named.length } : undefined;
}

/** What the server is told of them; nothing when whoever has the link may open it. */
export function recipientsWish({ recipients }: { recipients: string }): { recipients?: string[] } {
  const named = recipientsIn(recipients);
  return named.length === 0 ? {} : { recipients: named };
}
