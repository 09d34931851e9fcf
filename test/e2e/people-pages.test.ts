import { describe, expect, it } from '@jest/globals';

import { faultsOf } from './kit/look.js';
import { adminStates, signInStates, tokenStates } from './kit/people-states.js';
import { useStage } from './kit/stage.js';

const stage = useStage();
const states = { ...signInStates, ...tokenStates, ...adminStates };

describe('the pages of people who sign in', () => {
  it.each(Object.entries(states))(
    '%s: axe finds nothing in light and dark, and nothing overflows',
    async (name, lead) => {
      const { page } = await stage.visitor({ reducedMotion: 'reduce' });
      await lead(page);
      expect(await faultsOf(page, name)).toEqual([]);
    },
  );
});
