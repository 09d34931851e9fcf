import type { Language } from '@burnbag/contract';

/** Every language file, each fetched when a page needs it. */
export const bundles = {
  en: {
    admin: () => import('./en/admin.json', { with: { type: 'json' } }),
    common: () => import('./en/common.json', { with: { type: 'json' } }),
    create: () => import('./en/create.json', { with: { type: 'json' } }),
    login: () => import('./en/login.json', { with: { type: 'json' } }),
    receipt: () => import('./en/receipt.json', { with: { type: 'json' } }),
    reveal: () => import('./en/reveal.json', { with: { type: 'json' } }),
    tokens: () => import('./en/tokens.json', { with: { type: 'json' } }),
  },
  de: {
    admin: () => import('./de/admin.json', { with: { type: 'json' } }),
    common: () => import('./de/common.json', { with: { type: 'json' } }),
    create: () => import('./de/create.json', { with: { type: 'json' } }),
    login: () => import('./de/login.json', { with: { type: 'json' } }),
    receipt: () => import('./de/receipt.json', { with: { type: 'json' } }),
    reveal: () => import('./de/reveal.json', { with: { type: 'json' } }),
    tokens: () => import('./de/tokens.json', { with: { type: 'json' } }),
  },
} as const satisfies Record<Language, object>;

/** One part of the texts: what all pages share, or what one page says. */
export type Namespace = keyof (typeof bundles)['en'];
