import { afterEach, expect, it, jest } from '@jest/globals';
import { type PendingUpload, pendingUpload } from './pending-upload';

const PENDING: PendingUpload = {
  version: 1,
  uploadId: 'u',
  arrived: 0,
  payloadBytes: 200,
  files: [{ name: 'a', type: '', size: 1 }],
  hashes: {},
  completion: {},
  passphrase: '',
  maxViews: 1,
};
afterEach(() => {
  jest.restoreAllMocks();
  pendingUpload.clear();
});

it('is there again as it was', () => {
  pendingUpload.save(PENDING);
  expect(pendingUpload.load()).toEqual(PENDING);
});

it.each(['', '{', '{"version":2}', 'null', '{"version":1,"uploadId":7,"files":[]}'])(
  'is none when it is something else: %j',
  (text) => {
    sessionStorage.setItem('burnbag.upload', text);
    expect(pendingUpload.load()).toBeUndefined();
    expect(sessionStorage).toHaveLength(0);
  },
);

it('keeps no older state where there is no room for the newer one', () => {
  pendingUpload.save(PENDING);
  jest.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  pendingUpload.save({ ...PENDING, hashes: { 0: 'h' } });
  jest.restoreAllMocks();
  expect(sessionStorage).toHaveLength(0);
});
