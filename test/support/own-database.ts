import { randomBytes } from 'node:crypto';

import { endAfterTests } from './leftovers.js';
import { onServer } from './postgres-server.js';

/** In which every test file makes databases of its own; the run's set-up has started it. */
function server(): string {
  const url = process.env['BURNBAG_TEST_DATABASE_SERVER'];
  if (!url) throw new Error('the set-up of the tests has not started PostgreSQL: see global-setup.mjs');
  return url;
}

/** A database of the run's PostgreSQL. */
export interface OwnDatabase {
  readonly url: string;
  /** Also done by itself after the last test of the file. */
  drop(): Promise<void>;
}

/** @param tables with the portal's tables in it, else empty. @default true */
export async function createOwnDatabase(tables = true): Promise<OwnDatabase> {
  const name = `burnbag_${randomBytes(8).toString('hex')}`;
  await onServer(
    `${server()}/postgres`,
    `CREATE DATABASE ${name} TEMPLATE ${tables ? 'burnbag_template' : 'template0'}`,
  );
  const drop = async (): Promise<void> => {
    forget();
    await onServer(`${server()}/postgres`, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  };
  const forget = endAfterTests(drop);
  return { url: `${server()}/${name}`, drop };
}
