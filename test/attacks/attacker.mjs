/** A process of its own that attacks, with less of the machine's time than the portal: a real one brings its own machine. */
import { setPriority } from 'node:os';

import { ATTACKS } from './list/attacks.mjs';

setPriority(10);
process.once('message', async ({ name, target, prepared }) => {
  const attack = ATTACKS.find((each) => each.name === name);
  const note = await attack.run(target, prepared);
  process.send({ note }, () => process.disconnect());
});
