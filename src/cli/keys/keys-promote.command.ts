import { editKeyFile } from '../../crypto/key-source/key-file.edit.js';
import { withPrimary } from '../../crypto/key-source/key-spec.edit.js';
import { CommandError, EXIT, UsageError, type Command } from '../command.js';
import { keyIdOf } from './key-id.argument.js';
import { withKeys } from './redis-key-command-context.js';
import { waitForReplicas } from './wait-for-replicas.js';

const HELP = `Makes a key the one that seals: moves its entry to the end of the key file. Refuses while a replica that runs does not
hold the key; no replica seals with it before all of them can open it, and the command waits until all of them do.

The old key stays, to open what is sealed under it: see "keys rewrap" and "keys retire".`;

/** `npm run cli -- keys promote 2` */
export const keysPromoteCommand: Command = {
  words: ['keys', 'promote'],
  summary: 'make a key the one that seals',
  help: HELP,
  async run(args, terminal) {
    const id = keyIdOf(args);
    return withKeys(terminal, async ({ keyring, file, origin, records, replicas }) => {
      const state = keyring.stateOf(id);
      if (state === undefined) throw new UsageError(`There is no key ${id} in ${origin}: see "keys list".`);
      if (state === 'destroyed') throw new UsageError(`Key ${id} is destroyed and cannot seal.`);
      const lacking = (await replicas()).filter(({ ids }) => !ids.includes(id));
      if (lacking.length > 0)
        throw new CommandError(
          `Not every replica holds key ${id} yet: ${lacking.map(({ name }) => name).join(', ')}. Nothing was changed.`,
        );
      // An abandoned retirement must not keep it from sealing.
      await records.forbid(id, false);
      if (state === 'primary') terminal.out(`Key ${id} is the primary already.`);
      else if (file === undefined) {
        terminal.out(`${origin} cannot be changed from here: move the entry of key ${id} to its end.`);
        terminal.out('Then restart the replicas one after another, unless they notice automatically.');
        return EXIT.ok;
      } else {
        await editKeyFile(file, (spec) => withPrimary(spec, id));
        terminal.out(`Key ${id} is the primary in ${file}.`);
      }
      const done = await waitForReplicas(
        replicas,
        ({ primary }) => primary === id,
        `seal with key ${id}`,
        terminal,
      );
      if (done) terminal.out('Next: npm run cli -- keys rewrap');
      return done ? EXIT.ok : EXIT.bad;
    });
  },
};
