import type { Page } from 'playwright-core';

export interface Choices {
  readonly passphrase?: string;
  /** Encrypted by the server instead of in the browser. */
  readonly onServer?: boolean;
}

/** What the sender takes from the page. */
export interface HandedOver {
  readonly link: string;
  readonly id: string;
  /** The link key; empty for a secret that the server encrypted. */
  readonly fragment: string;
  readonly receiptLink: string;
}

/** Types a secret, chooses, and seals, as a person does it. */
export async function handOver(page: Page, text: string, choices: Choices = {}): Promise<HandedOver> {
  await page.goto('/');
  await page.getByRole('textbox', { name: 'Secret' }).fill(text);
  if (choices.passphrase !== undefined) {
    await page.getByRole('button', { name: 'no passphrase' }).click();
    await page.getByRole('textbox', { name: 'Passphrase' }).fill(choices.passphrase);
  }
  if (choices.onServer) {
    await page.getByRole('button', { name: 'in this browser' }).click();
    await page.getByRole('radio', { name: 'Encrypted on the server' }).check();
  }
  await page.getByRole('button', { name: 'Seal', exact: true }).click();
  return takeLinks(page);
}

/** Reads the links off the page after sealing. */
export async function takeLinks(page: Page): Promise<HandedOver> {
  await page.getByRole('heading', { name: 'Sealed and ready to hand over' }).waitFor();
  const link = (await page.getByTestId('link').textContent()) ?? '';
  const receiptLink = (await page.getByTestId('receipt-link').textContent()) ?? '';
  const { pathname, hash } = new URL(link);
  return { link, id: pathname.replace('/s/', ''), fragment: hash.slice(1), receiptLink };
}

export const breakSeal = (page: Page) => page.getByRole('button', { name: 'Break the seal' });
export const plaintext = (page: Page) => page.getByTestId('plaintext');
/** Of the app; the first paint of the create page has one, too. */
export const heading = (page: Page) => page.locator('#root').getByRole('heading', { level: 1 });

/** Opens a link and breaks the seal; the document is then on the page, masked. */
export async function openLink(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await breakSeal(page).click();
  await page.getByRole('heading', { name: 'The document' }).waitFor();
}

/** Reveals the text, after which the server purges its copy, and waits until the page says so. */
export async function readText(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Reveal' }).click();
  await untilBurned(page);
}

/** Waits until the server has purged its copy and the page says so. */
export const untilBurned = (page: Page) =>
  page.getByRole('status').filter({ hasText: 'No one can open this link again' }).waitFor();
