import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { AxiosError, type InternalAxiosRequestConfig } from 'axios';
import { createApiClient } from '../../../lib/api/client';
import { ApiError } from '../../../lib/api/problem';
import { causeOf, tusHttp, uploadIdOf } from './tus-http';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A server that never answers. */
const silent = () => {
  const asked: InternalAxiosRequestConfig[] = [];
  const api = createApiClient(
    (config) =>
      new Promise((_, reject) => {
        asked.push(config);
        const end = () => reject(new AxiosError('canceled', 'ERR_CANCELED', config));
        if (config.signal instanceof AbortSignal) config.signal.addEventListener('abort', end);
      }),
  );
  return { asked, http: tusHttp(api) };
};

it('treats 45 seconds without any progress as a broken connection, but not a slow one', async () => {
  const { asked, http } = silent();
  const sent = http.createRequest('PATCH', '/api/v1/uploads/x').send(new Blob(['x']));
  const outcome = sent.then(
    () => 'answered',
    (error: unknown) => (error instanceof ApiError ? error.problem.code : 'else'),
  );
  const after = async (ms: number) => {
    await jest.advanceTimersByTimeAsync(ms);
    return Promise.race([outcome, Promise.resolve('open')]);
  };
  expect(await after(44_000)).toBe('open');
  asked[0]?.onUploadProgress?.({ loaded: 1, bytes: 1, lengthComputable: true });
  expect(await after(44_000)).toBe('open');
  await jest.advanceTimersByTimeAsync(2_000);
  expect(await outcome).toBe('network');
});

it('asks its own server, whatever URL the upload was given', async () => {
  const { asked, http } = silent();
  void http
    .createRequest('HEAD', 'https://elsewhere.example/api/v1/uploads/abc')
    .send(null)
    .catch(() => undefined);
  await jest.advanceTimersByTimeAsync(0);
  expect(asked[0]?.url).toBe('/api/v1/uploads/abc');
  expect(uploadIdOf('https://elsewhere.example/api/v1/uploads/abc')).toBe('abc');
});

it('finds the cause in the error of the library', () => {
  const inner = new RangeError('inner');
  expect(causeOf({ causingError: inner })).toBe(inner);
  expect(causeOf(inner)).toBe(inner);
  expect(causeOf('odd')).toBeInstanceOf(ApiError);
});
