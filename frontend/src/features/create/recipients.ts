import { normalEmail, type Policy } from '@burnbag/contract';

/** Why these people cannot be named. */
export type RecipientsFault =
  { kind: 'missing' } | { kind: 'address'; address: string } | { kind: 'tooMany'; count: number };

/** The e-mail addresses in the typed text, each once. */
export const recipientsIn = (typed: string): string[] => [
  ...new Set(typed.split(/[\s,;]+/).filter((part) => part !== '')),
];

export function recipientsFaultOf(typed: string, policy: Policy): RecipientsFault | undefined {
  const named = recipientsIn(typed);
  if (named.length === 0) return policy.recipientsRequired ? { kind: 'missing' } : undefined;
  const address = named.find((each) => normalEmail(each) === undefined);
  if (address !== undefined) return { kind: 'address', address };
  return named.length > policy.recipientsMax ? { kind: 'tooMany', count: named.length } : undefined;
}

/** The recipients for the server; undefined when anyone with the link may open it. */
export function recipientsField({ recipients }: { recipients: string }): { recipients?: string[] } {
  const named = recipientsIn(recipients);
  return named.length === 0 ? {} : { recipients: named };
}
