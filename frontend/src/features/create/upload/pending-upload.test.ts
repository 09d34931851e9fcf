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

it('is restored as it was', () => {
  pendingUpload.save(PENDING);
  expect(pendingUpload.load()).toEqual(PENDING);
});

it.each(['', '{', '{"version":2}', 'null', '{"version":1,"uploadId":7,"files":[]}'])(
  'is undefined for anything else: %j',
  (text) => {
    sessionStorage.setItem('burnbag.upload', text);
    expect(pendingUpload.load()).toBeUndefined();
    expect(sessionStorage).toHaveLength(0);
  },
);

it('keeps no older state when the newer one does not fit', () => {
  pendingUpload.save(PENDING);
  jest.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  pendingUpload.save({ ...PENDING, hashes: { 0: 'h' } });
  jest.restoreAllMocks();
  expect(sessionStorage).toHaveLength(0);
});
