import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';

const LIGHTHOUSE = fileURLToPath(new URL('../../scripts/lighthouse.mjs', import.meta.url));

describe('Lighthouse', () => {
  it('gives 100 for accessibility and for best practices', async () => {
    // The performance score depends on how busy this machine is: `npm run lighthouse` prints it, weight.test.ts its causes.
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [LIGHTHOUSE, '--fast']);
    const scores = `${stdout}\n${stderr}`.match(/(create|reveal|receipt|not found), .*: \d+.*$/gm) ?? [];
    const pages = ['create', 'reveal', 'receipt', 'not found'];
    const both = (page: string) => [
      `${page}, mobile, accessibility: 100`,
      `${page}, mobile, best-practices: 100`,
    ];
    expect(scores).toEqual(pages.flatMap(both));
  });
});
