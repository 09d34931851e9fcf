import { AuditKeys } from '../../audit/chain/audit-keys.js';
import { readWrappedKeys } from '../../audit/chain/audit-keys.repository.js';
import { serverConfig } from '../../platform/config/sections/app.config.js';
import { editKeyFile } from '../../crypto/key-source/key-file.edit.js';
import { withReplaced } from '../../crypto/key-source/key-spec.edit.js';
import { formatRetired } from '../../crypto/keyring/keyring.spec-format.js';
import type { Keyring } from '../../crypto/keyring/keyring.js';
import { StatementError, type Database } from '../../database/database.port.js';
import { needing, tally } from '../../rewrap/rewrap.js';
import { CommandError, EXIT, UsageError, type Command } from '../command.js';
import { openTrail } from '../open-trail.js';
import { keyIdOf } from './key-id.argument.js';
import { withKeys, type KeyCommandContext } from './redis-key-command-context.js';
import { waitForReplicas } from './wait-for-replicas.js';

const HELP = `Destroys a key that nothing needs any more. First it makes sure that nothing more can be stored under it, then it looks
through the whole store and the audit trail, and refuses while anything needs the key. What stays of it is its id, which
is never used again, and a subkey by which receipts made under it stay good; that opens no secret.

There is no way back: destroy the copies of the key in backups as well, or keep them locked away.`;

const UNDEFINED_TABLE = '42P01';
const READ_ONLY = '25006';
/** The replicas wait until no claim under the key can still be running. */
const DROP_PATIENCE_MS = 60_000;

/** `npm run cli -- keys retire 1` */
export const keysRetireCommand: Command = {
  words: ['keys', 'retire'],
  summary: 'destroy a key that nothing needs any more',
  help: HELP,
  async run(args, terminal) {
    const id = keyIdOf(args);
    return withKeys(terminal, async (context) => {
      requireRetirable(context, id);
      await requireUnneeded(context, id);
      const entry = await remainsOf(context, id);
      if (context.file === undefined) {
        terminal.out(
          `Nothing needs key ${id}. ${context.origin} cannot be changed from here: replace its entry by\n`,
        );
        terminal.out(`  ${entry}\n`);
        terminal.out('Then restart the replicas one after another, unless they notice automatically.');
        return EXIT.ok;
      }
      await editKeyFile(context.file, (spec) => withReplaced(spec, id, entry));
      terminal.out(`Key ${id} is destroyed. Destroy its copies in backups as well.`);
      const forgotten = await waitForReplicas(
        context.replicas,
        ({ ids }) => !ids.includes(id),
        `hold key ${id} no longer`,
        terminal,
        DROP_PATIENCE_MS,
      );
      return forgotten ? EXIT.ok : EXIT.bad;
    });
  },
};

function requireRetirable({ keyring, origin }: KeyCommandContext, id: number): void {
  const state = keyring.stateOf(id);
  if (state === undefined) throw new UsageError(`There is no key ${id} in ${origin}: see "keys list".`);
  if (state === 'destroyed') throw new UsageError(`Key ${id} is destroyed already.`);
  if (state === 'primary')
    throw new UsageError(`Key ${id} seals new secrets: promote another key first, then rewrap.`);
}

/** Fences the key first, so that no new record can use it during the scan. */
async function requireUnneeded(context: KeyCommandContext, id: number): Promise<void> {
  const { records, replicas, keyring } = context;
  const sealing = (await replicas()).filter(({ primary }) => primary === id);
  if (sealing.length > 0)
    throw new CommandError(
      `A replica still seals with key ${id}: ${sealing.map(({ name }) => name).join(', ')}. Nothing was changed.`,
    );
  await records.forbid(id, true);
  try {
    const counts = await tally(records);
    const needed = needing(counts, id);
    if (needed > 0)
      throw new CommandError(
        `${needed.toLocaleString('en')} live records still need key ${id}: run "keys rewrap" first. Nothing was changed.`,
      );
    await requireTrailUnneeded(keyring, id);
  } catch (error) {
    await records.forbid(id, false);
    throw error;
  }
}

/** Every row of the trail must stay verifiable without the key. */
async function requireTrailUnneeded(keyring: Keyring, id: number): Promise<void> {
  const database = await openTrail(serverConfig().dataDir);
  if (!database) return;
  try {
    await wrapAnew(database, keyring);
    const { ids } = await new AuditKeys(keyring.destroy(id)).verifying(database);
    const lost = (await readWrappedKeys(database)).filter(({ keyId }) => !ids.includes(keyId));
    if (lost.length > 0)
      throw new CommandError(
        `The audit key of key ${lost.map(({ keyId }) => keyId).join(', ')} is still wrapped by key ${id}: the portal does that within seconds of a promotion, see its log. Nothing was changed.`,
      );
  } catch (error) {
    if (!(error instanceof StatementError) || error.code !== UNDEFINED_TABLE) throw error;
  } finally {
    await database.close();
  }
}

/** Every start of the portal does the same; where a portal owns the database, it has. */
async function wrapAnew(database: Database, keyring: Keyring): Promise<void> {
  try {
    await new AuditKeys(keyring).ensureStored(database);
  } catch (error) {
    if (!(error instanceof StatementError) || error.code !== READ_ONLY) throw error;
  }
}

async function remainsOf({ keyring, source }: KeyCommandContext, id: number): Promise<string> {
  const receiptKey = keyring.receiptKey(id).export();
  try {
    const kept = source.provider ? await source.provider.wrap(receiptKey) : receiptKey.toString('base64');
    return formatRetired(id, kept);
  } finally {
    receiptKey.fill(0);
  }
}
