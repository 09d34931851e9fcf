import { describe, expect, it } from '@jest/globals';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';

import { DeliberateActGuard } from './deliberate-act.guard.js';

const guard = new DeliberateActGuard();
const asks = (headers: Record<string, string>) => () =>
  guard.canActivate(new ExecutionContextHost([{ headers }]));

describe('a GET', () => {
  it.each([{}, { 'sec-fetch-dest': 'empty' }, { accept: 'text/html' }, { 'sec-purpose': '' }])(
    'by a script or by curl is deliberate: %j',
    (headers) => expect(asks(headers)()).toBe(true),
  );

  it.each([
    { 'sec-fetch-dest': 'document' },
    { 'sec-fetch-dest': 'iframe' },
    { 'sec-fetch-dest': 'image' },
    { 'sec-fetch-dest': '' },
    { 'sec-fetch-dest': 'something new' },
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
    { 'x-purpose': 'preview' },
    { 'x-moz': 'prefetch' },
    { 'sec-fetch-dest': 'empty', purpose: 'PREFETCH' },
  ])('by a browser on its own is not: %j', (headers) => {
    expect(asks(headers)).toThrow('deliberate_act_required');
  });
});
