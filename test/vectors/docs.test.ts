import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LINK = /\]\(([^()\s]+)\)/g;

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const pagesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));

/** Links of a page to files of the project, relative to its root. */
function linkedFiles(page: string): string[] {
  return [...read(page).matchAll(LINK)]
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
    .map((target) => join(dirname(page), target));
}

describe('the documentation', () => {
  it.each(['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...pagesIn('docs'), ...pagesIn('docs/adr')])(
    '%s links only to files that exist',
    (page) => {
      expect(linkedFiles(page).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    },
  );

  it('has an index that names every page', () => {
    const listed = linkedFiles('docs/README.md');
    expect(pagesIn('docs').filter((page) => page !== 'docs/README.md' && !listed.includes(page))).toEqual([]);
  });

  it('has a status and a date for every decision, and lists each with both', () => {
    const index = read('docs/adr/README.md');
    for (const page of pagesIn('docs/adr')) {
      const name = relative('docs/adr', page);
      if (name === 'README.md') continue;
      const text = read(page);
      const [, title = ''] = /^# \d+\. (.+)$/m.exec(text) ?? [];
      const [, status = ''] = /^Status: (\w+, \d{4}-\d{2}-\d{2})/m.exec(text) ?? [];
      expect({ name, title, status }).toEqual({
        name,
        title: expect.stringMatching(/./),
        status: expect.stringMatching(/./),
      });
      expect(
        index.split('\n').filter((line) => line.includes(`[${title}](${name})`) && line.includes(status)),
      ).toHaveLength(1);
    }
  });

  it('names code and a test for each of the five promises', () => {
    const sections = read('docs/promises.md').split(/^## /m).slice(1);
    expect(sections.map((section) => section.slice(0, 2))).toEqual(['1.', '2.', '3.', '4.', '5.']);
    for (const section of sections) {
      expect(section).toMatch(/^- Code: .*\]\(\.\.\//m);
      expect(section).toMatch(/^- Tests: .*\]\(\.\.\/(test|src)\//m);
    }
  });
});
