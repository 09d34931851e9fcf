import { type ComponentType, lazy } from 'react';
import { loadChunk } from '../lib/chunks';
import { earlyText } from '../lib/early-field';
import { pageCode, type PageName } from './page-code';

const lazyPage = (name: PageName) => lazy(() => loadChunk(pageCode[name]));

const later = {
  create: lazyPage('create'),
  reveal: lazyPage('reveal'),
  receipt: lazyPage('receipt'),
  login: lazyPage('login'),
  tokens: lazyPage('tokens'),
  admin: lazyPage('admin'),
} as const;
const loaded: Partial<Record<PageName, ComponentType>> = {};

/**
 * Waits for the code of a page, so that it replaces its shell in one step.
 * @throws ApiError when it does not load and the shell holds text, which then stays there to be copied
 */
export async function loadPage(name: PageName): Promise<void> {
  try {
    loaded[name] = (await loadChunk<{ default: ComponentType }>(pageCode[name])).default;
  } catch (error) {
    if (earlyText() !== '') throw error;
    // The router tries again and shows the error.
  }
}

/** A loaded page, or one that suspends until it is loaded. */
export const pageNamed = (name: PageName): ComponentType => loaded[name] ?? later[name];
