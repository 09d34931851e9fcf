import { isUnsaved, subscribeUnsaved } from './unsaved-store';

/** A stopped attempt to leave the page; one of the two is called once. */
export interface Leaving {
  /** Leaves the page as attempted. Unsaved content is lost. */
  leave(): void;
  stay(): void;
}

/** An entry of this tab's history; `position` as the router counts, undefined for entries that it did not make. */
interface Entry {
  readonly position: number | undefined;
  readonly href: string;
  readonly state: unknown;
}

function currentEntry(): Entry {
  const state: unknown = history.state;
  const idx: unknown = typeof state === 'object' && state !== null ? Reflect.get(state, 'idx') : undefined;
  return { position: typeof idx === 'number' ? idx : undefined, href: location.href, state };
}

function isSamePage(one: string, other: string): boolean {
  const [first, second] = [new URL(one), new URL(other)];
  return first.pathname === second.pathname && first.search === second.search;
}

/** @returns the link that a click follows in this tab, unless it only jumps within the page */
function followedLink(event: MouseEvent): HTMLAnchorElement | undefined {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!(link instanceof HTMLAnchorElement) || link.hasAttribute('download')) return;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const opensElsewhere = link.target !== '' && link.target !== '_self';
  const isJump = link.getAttribute('href')?.startsWith('#') ?? false;
  return opensElsewhere || isJump || !/^https?:$/.test(link.protocol) ? undefined : link;
}

/**
 * Stops every attempt to leave the page while it holds unsaved content ({@link ./unsaved-store}): a reload, a
 * closed tab and the address bar by the browser's own question; links and the Back button inside the app by
 * `ask`.
 * @param ask asks the person; not called again before the answer
 * @returns removes the handlers
 */
export function guardLeaving(ask: (leaving: Leaving) => void): () => void {
  const guard = new AbortController();
  const heard = { signal: guard.signal, capture: true };
  let here = currentEntry();
  let isAsking = false;
  let isComingBack = false;
  /** The person has agreed to the next navigation. */
  let isAgreed = false;

  function askFirst(go: () => void): void {
    if (isAsking) return;
    isAsking = true;
    const leave = () => {
      isAsking = false;
      isAgreed = true;
      go();
    };
    ask({ leave, stay: () => (isAsking = false) });
  }

  /** Whether this navigation must be stopped. An agreement is valid for one. */
  function stops(): boolean {
    const agreed = isAgreed;
    isAgreed = false;
    return isUnsaved() && !agreed;
  }

  /** Runs before the router. The URL has changed by then, so the history is taken back first. */
  function onPopState(event: PopStateEvent): void {
    if (isComingBack) {
      isComingBack = false;
      return event.stopImmediatePropagation();
    }
    if (isSamePage(location.href, here.href) || !stops()) {
      here = currentEntry();
      return;
    }
    event.stopImmediatePropagation();
    const { position } = currentEntry();
    const steps = position === undefined || here.position === undefined ? 0 : position - here.position;
    if (steps === 0) history.pushState(here.state, '', here.href);
    else {
      isComingBack = true;
      history.go(-steps);
    }
    askFirst(() => history.go(steps || -1));
  }

  function onClick(event: MouseEvent): void {
    const link = isUnsaved() ? followedLink(event) : undefined;
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    askFirst(() => location.assign(link.href));
  }

  addEventListener('beforeunload', (event) => stops() && event.preventDefault(), heard);
  addEventListener('popstate', onPopState, heard);
  document.addEventListener('click', onClick, heard);
  const unsubscribe = subscribeUnsaved(() => (here = currentEntry()));
  return () => {
    unsubscribe();
    guard.abort();
  };
}
