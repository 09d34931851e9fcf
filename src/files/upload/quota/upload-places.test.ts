import { describe, expect, it } from '@jest/globals';

import { UploadPlaces } from './upload-places.js';

const FULL = { kind: { code: 'too_many_uploads', status: 429 }, extras: { limit: 2 } };

describe('the places of uploads', () => {
  it('are limited for each client, and free again however an upload ends', async () => {
    const places = new UploadPlaces({ uploadsAtOnce: 2 });
    const ends = [1, 2].map(() => Promise.withResolvers<string>());
    const under = ends.map(({ promise }) => places.run('a', () => promise));
    await expect(places.run('a', () => Promise.resolve('x'))).rejects.toMatchObject(FULL);
    expect(await places.run('b', () => Promise.resolve('other'))).toBe('other');
    ends[0]?.reject(new Error('cut'));
    await expect(under[0]).rejects.toThrow('cut');
    expect(await places.run('a', () => Promise.resolve('next'))).toBe('next');
    ends[1]?.resolve('done');
    expect(await under[1]).toBe('done');
  });
});
