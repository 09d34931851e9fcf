import { randomBytes } from 'node:crypto';

import { KEY_BYTES } from '../../crypto/envelope/aead.js';
import { editKeyFile } from '../../crypto/key-source/key-file.edit.js';
import { withEntry } from '../../crypto/key-source/key-spec.edit.js';
import { formatKey } from '../../crypto/keyring/keyring.spec-format.js';
import { EXIT, type Command } from '../command.js';
import { flagsOf } from './key-id.argument.js';
import { withKeys, type KeyCommandContext } from './redis-key-command-context.js';
import { waitForReplicas } from './wait-for-replicas.js';

const HELP = `Makes a new key with the next free id and writes it into the key file, where it only opens: nothing is sealed with it
before "keys promote". The replicas take it up without a restart; the command waits until all of them hold it.

Keys from BURNBAG_KEYS cannot be changed from here: then it prints what to set.`;

/** `npm run cli -- keys add` */
export const keysAddCommand: Command = {
  words: ['keys', 'add'],
  summary: 'make a new key, which only opens at first',
  help: HELP,
  async run(args, terminal) {
    flagsOf(args, []);
    return withKeys(terminal, async (context) => {
      const id = await nextId(context);
      const entry = await newEntry(context, id);
      if (context.file === undefined) {
        terminal.out(
          `${context.origin} cannot be changed from here. Put this before its last entry, which seals:\n`,
        );
        terminal.out(`  ${entry}\n`);
        terminal.out('Then restart the replicas one after another, unless they notice automatically.');
        return EXIT.ok;
      }
      await editKeyFile(context.file, (spec) => withEntry(spec, entry));
      terminal.out(`Key ${id} is in ${context.file} and only opens.`);
      const held = await waitForReplicas(
        context.replicas,
        ({ ids }) => ids.includes(id),
        `hold key ${id}`,
        terminal,
      );
      if (held) terminal.out(`Next: npm run cli -- keys promote ${id}`);
      return held ? EXIT.ok : EXIT.bad;
    });
  },
};

/** An id that neither the keyring nor the store has ever used. */
async function nextId({ keyring, isTaken }: KeyCommandContext): Promise<number> {
  let id = (keyring.allIds.at(-1) ?? 0) + 1;
  while (await isTaken(id)) id += 1;
  return id;
}

async function newEntry({ source }: KeyCommandContext, id: number): Promise<string> {
  const key = randomBytes(KEY_BYTES);
  try {
    return source.provider ? `${id}:${await source.provider.wrap(key)}` : formatKey(id, key);
  } finally {
    key.fill(0);
  }
}
