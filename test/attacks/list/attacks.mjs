import { setTimeout as delay } from 'node:timers/promises';

import { BODIES } from './bodies.mjs';
import { NAMES } from './names.mjs';
import { SLOW } from './slow.mjs';
import { STORAGE } from './storage.mjs';

/** What the machine and the innocents alone cost: figures near a bound mean that something else is running. */
const NOTHING = {
  name: 'no-attack',
  run: async () => {
    await delay(8_000);
    return '8 s of innocents alone';
  },
};

/**
 * Each: `name`, the `line` of the issue it shows, `env` and `diskBytes` of its portal, the kind of `innocent` (text by default), `prepare`
 * before anything is measured, `run`, which returns what it saw, `redisMost` bytes that Redis may grow by,
 * `lingerMs` for which the innocents go on after it.
 */
export const ATTACKS = [NOTHING, ...BODIES, ...NAMES, ...STORAGE, ...SLOW];
