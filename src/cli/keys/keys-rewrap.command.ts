import { systemRandom } from '../../crypto/random-source.port.js';
import { needing, Rewrap, tally } from '../../rewrap/rewrap.js';
import { CommandError, EXIT, type Command, type ExitCode, type Terminal } from '../command.js';
import { flagsOf } from './key-id.argument.js';
import { Progress } from './progress.js';
import { withKeys, type KeyCommandContext } from './redis-key-command-context.js';

const HELP = `Rewraps the data key of every live secret and of every unfinished upload under the primary key. Content, lifetime,
views and leases do not change, readers are not affected, and what is opened or burned meanwhile stays gone. The portal goes on
meanwhile. Broken off at any moment, the next run does the rest.

--dry-run only counts.`;

/**
 * A replica may have sealed with the old key until a moment ago; more rounds than that have another reason.
 */
const ROUNDS = 3;
const SHOWN = 10;

/** `npm run cli -- keys rewrap` */
export const keysRewrapCommand: Command = {
  words: ['keys', 'rewrap'],
  summary: 'wrap every data key under the primary key',
  help: HELP,
  async run(args, terminal) {
    const flags = flagsOf(args, ['dry-run']);
    return withKeys(terminal, async (context) => {
      const { primary } = context.keyring;
      const old = await underOthers(context);
      if (flags['dry-run']) {
        terminal.out(`${count(old)} would be rewrapped under key ${primary.id}. Nothing was changed.`);
        return EXIT.ok;
      }
      const stale = (await context.replicas()).filter((replica) => replica.primary !== primary.id);
      if (stale.length > 0)
        throw new CommandError(
          `Not every replica seals with key ${primary.id} yet: ${stale.map(({ name }) => name).join(', ')}. Nothing was changed.`,
        );
      return rewrapAll(context, old, terminal);
    });
  },
};

async function rewrapAll(context: KeyCommandContext, total: number, terminal: Terminal): Promise<ExitCode> {
  const { primary } = context.keyring;
  const rewrap = new Rewrap(context.records, context.keyring, systemRandom);
  const progress = new Progress(total, 'rewrapped', terminal);
  let done = 0;
  let unreadable: readonly string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = done;
    const report = await rewrap.run((rewrapped) => progress.at(before + rewrapped));
    done += report.rewrapped;
    ({ unreadable } = report);
    if (report.rewrapped === 0) break;
  }
  const seconds = progress.end();
  terminal.out(`${count(done)} rewrapped under key ${primary.id} in ${seconds.toFixed(1)} s.`);
  const left = await underOthers(context);
  for (const ref of unreadable.slice(0, SHOWN))
    terminal.err(`${ref} cannot be rewrapped: it is damaged, or its key is not loaded.`);
  if (unreadable.length > SHOWN) terminal.err(`... and ${unreadable.length - SHOWN} more.`);
  if (left > 0) terminal.out(`${count(left)} still need another key: see "keys list", or run this again.`);
  else terminal.out('Nothing needs another key. Next: npm run cli -- keys retire <id of the old key>');
  return left > 0 ? EXIT.bad : EXIT.ok;
}

async function underOthers({ records, keyring }: KeyCommandContext): Promise<number> {
  const counts = await tally(records);
  const ids = new Set([...counts.secrets.keys(), ...counts.uploads.keys()]);
  ids.delete(keyring.primary.id);
  return [...ids].reduce((sum, id) => sum + needing(counts, id), 0);
}

function count(records: number): string {
  return records === 1 ? '1 record' : `${records.toLocaleString('en')} records`;
}
