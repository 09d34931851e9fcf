import { expect, it } from '@jest/globals';
import { screen, waitFor } from '@testing-library/react';
import { detectLanguage } from '../lib/language';
import { FakeServer } from '../testing/fake-server';
import { openPage } from '../testing/open-page';

it('follows the system until a theme is chosen, and remembers the choice', async () => {
  const { user } = await openPage('/nowhere', new FakeServer());
  expect(document.documentElement).not.toHaveAttribute('data-theme');
  await user.click(screen.getByRole('radio', { name: 'Dark theme' }));
  expect(document.documentElement).toHaveAttribute('data-theme', 'dark');
  expect(localStorage.getItem('burnbag.theme')).toBe('dark');
  await user.click(screen.getByRole('radio', { name: 'System theme' }));
  expect(document.documentElement).not.toHaveAttribute('data-theme');
  expect(localStorage.getItem('burnbag.theme')).toBeNull();
});

it('changes the language of the whole page at once, and remembers it', async () => {
  const { user } = await openPage('/nowhere', new FakeServer());
  await user.click(screen.getByRole('radio', { name: 'Deutsch' }));
  await screen.findByRole('heading', { name: 'Diese Seite gibt es nicht' });
  expect(document.documentElement.lang).toBe('de');
  await waitFor(() => expect(document.title).toContain('gibt es nicht'));
  expect(detectLanguage(['en-US'])).toBe('de');
});

it('uses the first supported language of the browser, else English', () => {
  expect(detectLanguage(['fr-FR', 'de-AT', 'en'])).toBe('de');
  expect(detectLanguage(['fr-FR'])).toBe('en');
  expect(detectLanguage([])).toBe('en');
});

it('has a page for an unknown URL', async () => {
  await openPage('/s', new FakeServer());
  expect(await screen.findByRole('heading', { level: 1 })).toHaveFocus();
  expect(screen.getByText(/Nothing was opened/)).toBeInTheDocument();
});
