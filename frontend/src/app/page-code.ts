/** The code of each page, fetched once. Imports nothing that is loaded on demand. */
export const pageCode = {
  create: () => import('./routes/create.route'),
  reveal: () => import('./routes/reveal.route'),
  receipt: () => import('./routes/receipt.route'),
  login: () => import('./routes/login.route'),
  tokens: () => import('./routes/tokens.route'),
  admin: () => import('./routes/admin.route'),
} as const;

export type PageName = keyof typeof pageCode;

/** The most likely page of a URL, to fetch its code and texts early; the router decides. */
export function likelyPage(pathname: string): PageName | undefined {
  const first = pathname.split('/')[1] ?? '';
  const known: Readonly<Partial<Record<string, PageName>>> = {
    '': 'create',
    s: 'reveal',
    r: 'receipt',
    login: 'login',
    tokens: 'tokens',
    admin: 'admin',
  };
  return Object.hasOwn(known, first) ? known[first] : undefined;
}
