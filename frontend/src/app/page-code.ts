/** The code of each page, fetched once. Needs nothing that is fetched itself. */
export const pageCode = {
  create: () => import('./routes/create.route'),
  reveal: () => import('./routes/reveal.route'),
  receipt: () => import('./routes/receipt.route'),
} as const;

export type PageName = keyof typeof pageCode;

/** Which page an address most likely is, to fetch its code and texts early; the router decides. */
export function likelyPage(pathname: string): PageName | undefined {
  const first = pathname.split('/')[1] ?? '';
  return ({ '': 'create', s: 'reveal', r: 'receipt' } as const)[first as '' | 's' | 'r'];
}
