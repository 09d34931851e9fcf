import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { KeyFileWatch } from './key-file.watch.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'burnbag-watch-'));
  path = join(folder, 'keys');
  writeFileSync(path, 'one', { mode: 0o600 });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** As editors and Kubernetes do it: another file under the name. */
const put = (spec: string): void => {
  writeFileSync(`${path}.new`, spec, { mode: 0o600 });
  renameSync(`${path}.new`, path);
};

function watching(offer: (spec: string, sinceMs: number) => boolean) {
  const offered: string[] = [];
  const watch = new KeyFileWatch({
    path,
    current: 'one',
    offer: (spec, sinceMs) => {
      offered.push(spec);
      return Promise.resolve(offer(spec, sinceMs));
    },
    failed: () => undefined,
  });
  return { watch, offered };
}

describe('the watch over the key file', () => {
  it('offers a text that two polls in a row have found, once', async () => {
    const { watch, offered } = watching(() => true);
    await watch.look();
    put('two');
    await watch.look();
    expect(offered).toEqual([]);
    await watch.look();
    await watch.look();
    expect(offered).toEqual(['two']);
    put('one');
    await watch.look();
    await watch.look();
    expect(offered).toEqual(['two', 'one']);
  });

  it('ignores half an edit, and a change that was reverted', async () => {
    const { watch, offered } = watching(() => true);
    put('tw');
    await watch.look();
    put('two');
    await watch.look();
    put('one');
    await watch.look();
    await watch.look();
    expect(offered).toEqual([]);
  });

  it('offers it again when it was not accepted, with its age', async () => {
    const { watch, offered } = watching((_, sinceMs) => sinceMs >= 10);
    put('two');
    await watch.look(100);
    await watch.look(105);
    await watch.look(109);
    await watch.look(111);
    await watch.look(120);
    expect(offered).toEqual(['two', 'two', 'two']);
  });

  it('fails for a file that is gone or open to others, and continues when it is back', async () => {
    const { watch, offered } = watching(() => true);
    rmSync(path);
    await expect(watch.look()).rejects.toThrow('ENOENT');
    writeFileSync(path, 'two', { mode: 0o644 });
    await expect(watch.look()).rejects.toThrow('chmod 0400');
    put('two');
    await watch.look();
    await watch.look();
    expect(offered).toEqual(['two']);
  });
});
