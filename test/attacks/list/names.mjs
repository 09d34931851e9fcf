/** Line 10: names of files that are slow to make safe. */
import { randomBytes } from 'node:crypto';

import { ask, formOf, sideBySide, tally } from '../http.mjs';

const FILES = 100;
const FETCHES = 12;
/** The longest first: what the portal refuses is not to be opened. */
const LENGTHS = [4_000, 1_000, 250];

/** Runs of blanks and dots end nowhere: each place in them may be where an end begins. */
const nameOf = (length) => `a${' .'.repeat((length - 2) / 2)}b`;

async function handOver(url, length) {
  const parts = Array.from({ length: FILES }, () => ({ name: 'file', filename: nameOf(length), body: 'x' }));
  const answer = await ask(`${url}/api/v1/files`, { method: 'POST', ...formOf(parts) });
  return answer.status === 201 ? { id: JSON.parse(answer.text).id, length } : undefined;
}

export const NAMES = [
  {
    name: 'file-names',
    line: 10,
    prepare: async ({ url }) => {
      for (const length of LENGTHS) {
        const made = await handOver(url, length);
        if (made) return made;
      }
      return {};
    },
    run: async ({ url }, { id, length }) => {
      if (id === undefined) return 'such names are refused';
      const headers = { 'x-claim': randomBytes(16).toString('base64url') };
      const answers = [];
      await sideBySide(FETCHES, 4, async () =>
        answers.push(await ask(`${url}/api/v1/files/${id}`, { from: '127.1.0.1', headers })),
      );
      return `${FILES} names of ${length} bytes: ${tally(answers)}`;
    },
  },
];
