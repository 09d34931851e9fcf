/** @jest-environment node */
import { LANGUAGES } from '@burnbag/contract';
import { expect, it } from '@jest/globals';
import { renderShells } from './shells';

const shells = await renderShells();

it('there is one for each page, in every language', () => {
  expect(shells.map(({ name }) => name)).toEqual([
    'create',
    'reveal',
    'receipt',
    'login',
    'tokens',
    'admin',
    'not-found',
  ]);
  for (const { html } of shells)
    for (const language of LANGUAGES) expect(html).toContain(`data-shell="${language}"`);
});

it.each(shells)('$name holds nothing that the page policy refuses', ({ html }) =>
  expect(html).not.toMatch(/<script|<style| style=| on\w+=/),
);

it.each(shells)('$name has no controls but the text area of the create page', ({ name, html }) => {
  if (name !== 'create')
    return expect(html.match(/<div data-page="true" inert="" aria-hidden="true">/g)).toHaveLength(
      LANGUAGES.length,
    );
  const operable = html.match(/<(?:a|button|input|select|textarea|summary|details|iframe)\b[^>]*>/g) ?? [];
  expect(operable.length).toBeGreaterThan(10);
  const usable = operable.filter((tag) => !tag.includes('inert=""'));
  expect(usable).toHaveLength(LANGUAGES.length);
  for (const tag of usable) {
    expect(tag).toMatch(/^<textarea autofocus="" .*spellcheck="false"/i);
    // Set, it would be styled as for a long text, and jump when the app takes over.
    expect(tag).not.toContain('data-');
  }
});

it('create is complete, and the others show nothing that is not known yet', () => {
  const [create, reveal] = shells.map(({ html }) => html);
  expect(create).toMatch(/<h1[^>]*>Hand over a secret<.*<h1[^>]*>Ein Geheimnis übergeben</s);
  expect(create).toContain('<textarea');
  expect(create).not.toContain('without encryption');
  expect(reveal).not.toMatch(/<button/);
});
