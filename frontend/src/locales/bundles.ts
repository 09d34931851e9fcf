/** Every language file, each fetched when a page needs it. */
export const bundles = {
  en: {
    common: () => import('./en/common.json', { with: { type: 'json' } }),
    create: () => import('./en/create.json', { with: { type: 'json' } }),
    receipt: () => import('./en/receipt.json', { with: { type: 'json' } }),
    reveal: () => import('./en/reveal.json', { with: { type: 'json' } }),
  },
  de: {
    common: () => import('./de/common.json', { with: { type: 'json' } }),
    create: () => import('./de/create.json', { with: { type: 'json' } }),
    receipt: () => import('./de/receipt.json', { with: { type: 'json' } }),
    reveal: () => import('./de/reveal.json', { with: { type: 'json' } }),
  },
} as const;

/** One part of the texts: what all pages share, or what one page says. */
export type Namespace = keyof (typeof bundles)['en'];
