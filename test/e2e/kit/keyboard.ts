import type { Page } from 'playwright-core';

import { until } from '../../int/kit/portal.js';

const MOST_STOPS = 80;

/** What has the focus, as a screen reader names it: "button: Seal". */
export const focused = (page: Page) =>
  page.evaluate(() => {
    const own = document.activeElement;
    if (!own || own === document.body) return 'nothing';
    const label =
      own instanceof HTMLInputElement || own instanceof HTMLTextAreaElement
        ? own.labels?.[0]?.textContent
        : null;
    return `${own.tagName.toLowerCase()}: ${own.getAttribute('aria-label') ?? label ?? own.textContent ?? ''}`.trim();
  });

/** Waits until the focus is there: what takes it does so a moment after it can be seen. */
export async function untilFocused(page: Page, name: string): Promise<void> {
  let now = '';
  await until(async () => (now = await focused(page)) === name).catch(() => {
    throw new Error(`the focus is at "${now}", not at "${name}"`);
  });
}

/** Presses Tab until the focus is there. @throws when it cannot be reached */
export async function tabTo(page: Page, name: string): Promise<void> {
  const stops: string[] = [];
  while (stops.length < MOST_STOPS) {
    await page.keyboard.press('Tab');
    const stop = await focused(page);
    if (stop === name) return;
    stops.push(stop);
  }
  throw new Error(`"${name}" was not among the stops: ${stops.join(' | ')}`);
}

/** Every stop of one round through the page, with whether it looked different from the page without focus. */
export async function roundTrip(page: Page): Promise<{ stop: string; visible: boolean }[]> {
  const look = () => page.screenshot({ animations: 'disabled', caret: 'hide' });
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  const unfocused = await look();
  const stops: { stop: string; visible: boolean }[] = [];
  for (let presses = 0; presses < MOST_STOPS; presses += 1) {
    await page.keyboard.press('Tab');
    const stop = await focused(page);
    // Day, month and year of one field are stops of their own, in the same element.
    if (stop === 'nothing' || stop === stops.at(-1)?.stop) continue;
    if (stop === stops[0]?.stop) return stops;
    stops.push({ stop, visible: !(await look()).equals(unfocused) });
  }
  throw new Error('the round never ends');
}
