import type { Migration } from 'kysely/migration';

import audit from './0001-audit.js';
import admin from './0002-admin.js';
import setAside from './0003-audit-set-aside.js';

/** In the order of their names. A released one is never changed: add a new one. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-audit': audit,
  '0002-admin': admin,
  '0003-audit-set-aside': setAside,
};
