import { type ComponentType, lazy } from 'react';
import { pageCode, type PageName } from './page-code';

const later = {
  create: lazy(pageCode.create),
  reveal: lazy(pageCode.reveal),
  receipt: lazy(pageCode.receipt),
  login: lazy(pageCode.login),
  tokens: lazy(pageCode.tokens),
  admin: lazy(pageCode.admin),
} as const;
const loaded: Partial<Record<PageName, ComponentType>> = {};

/** Waits for the code of a page, so that it takes the place of its shell in one step. */
export async function loadPage(name: PageName): Promise<void> {
  try {
    loaded[name] = (await pageCode[name]()).default;
  } catch {
    // The router tries again and tells the reader.
  }
}

/** A page that is there already, else one that suspends until it is. */
export const pageNamed = (name: PageName): ComponentType => loaded[name] ?? later[name];
