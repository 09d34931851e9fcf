/** What an API token can be allowed to do. `stats` is for tokens of administrators. */
export const TOKEN_SCOPES = ['create', 'receipts', 'stats'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];
