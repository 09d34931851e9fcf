import { keyFingerprints } from '../../crypto/keyring/key-check.js';
import { tally } from '../../rewrap/rewrap.js';
import { EXIT, type Command } from '../command.js';
import { flagsOf } from './key-id.argument.js';
import { withKeys } from './redis-key-command-context.js';
import { countOf } from './wait-for-replicas.js';

const HELP = `Shows every key of the portal: whether it seals (primary), only opens (decrypt-only) or is destroyed, how many live
secrets and uploads need it, and its fingerprint, by which two copies of a key can be compared. Then, which keys the
replicas that run now hold. Changes nothing.

--json prints the same for programs.`;

interface KeyRow {
  readonly id: number;
  readonly state: string;
  readonly secrets: number;
  readonly uploads: number;
  readonly fingerprint: string | null;
}

/** `npm run cli -- keys list` */
export const keysListCommand: Command = {
  words: ['keys', 'list'],
  summary: 'show the keys, and what still needs each',
  help: HELP,
  async run(args, terminal) {
    const { json } = flagsOf(args, ['json']);
    return withKeys(terminal, async ({ keyring, origin, records, replicas }) => {
      const { secrets, uploads } = await tally(records);
      const fingerprints = keyFingerprints(keyring);
      const ids = new Set([...keyring.allIds, ...secrets.keys(), ...uploads.keys()]);
      const keys = [...ids]
        .sort((a, b) => a - b)
        .map((id) => ({
          id,
          state: keyring.stateOf(id) ?? 'not loaded',
          secrets: secrets.get(id) ?? 0,
          uploads: uploads.get(id) ?? 0,
          fingerprint: fingerprints.get(id)?.toString('hex') ?? null,
        }));
      const running = await replicas();
      if (json) terminal.out(JSON.stringify({ source: origin, keys, replicas: running }, null, 2));
      else {
        terminal.out(`Keys of ${origin}\n`);
        for (const line of table(keys)) terminal.out(line);
        terminal.out(running.length === 0 ? '\nNo replica is running.' : `\n${countOf(running)}:`);
        for (const { name, primary, ids: held } of running)
          terminal.out(`  ${name}  seals with ${primary ?? 'nothing yet'}, opens ${held.join(', ')}`);
      }
      return EXIT.ok;
    });
  },
};

function table(keys: readonly KeyRow[]): string[] {
  const rows = keys.map(({ id, state, secrets, uploads, fingerprint }) => [
    String(id),
    state,
    secrets.toLocaleString('en'),
    uploads.toLocaleString('en'),
    fingerprint ?? '',
  ]);
  const all = [['id', 'state', 'secrets', 'uploads', 'fingerprint'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const isNumber = (column: number): boolean => column !== 1 && column !== 4;
  return all.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isNumber(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
