/**
 * Part of `npm run lint`: counts words and phrases of a private dialect in comments and messages, and fails at more than
 * one per 1,000 words of comments, with each hit.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { countWords, findDialect } from './lib/dialect.mjs';
import { projectRoot } from './lib/shell.mjs';

const MOST_PER_THOUSAND = 1;
/** The list itself, and its test. */
const OWN = new Set(['scripts/lib/dialect.mjs', 'test/lint/dialect.test.ts']);
const FOLDERS = ['src', 'frontend/src', 'test', 'scripts', 'packages'];

const listed = execFileSync(
  'git',
  ['ls-files', '-z', '--cached', '--others', '--exclude-standard', ...FOLDERS],
  {
    cwd: projectRoot,
    encoding: 'utf8',
  },
);
const hits = [];
let words = 0;
for (const file of new Set(listed.split('\0'))) {
  const isRead = /\.(?:ts|tsx|mts|mjs|lua)$|\/locales\/en\/\w+\.json$/.test(file);
  if (!isRead || /\.d\.m?ts$/.test(file) || OWN.has(file)) {
    continue;
  }
  let source;
  try {
    source = readFileSync(join(projectRoot, file), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') continue; // deleted and not committed yet
    throw error;
  }
  words += countWords(file, source);
  hits.push(...findDialect(file, source));
}
const perThousand = (hits.length / words) * 1000;
console.log(`words: ${hits.length} hits in ${words} words of comments, ${perThousand.toFixed(2)} per 1,000`);
if (perThousand > MOST_PER_THOUSAND || process.argv.includes('--all')) {
  for (const { file, line, phrase } of hits) {
    console.log(`${file}:${line}: "${phrase}"`);
  }
}
if (perThousand > MOST_PER_THOUSAND) {
  console.error('Say it in plain technical English: present tense, subject first, standard terms.');
  process.exitCode = 1;
}
