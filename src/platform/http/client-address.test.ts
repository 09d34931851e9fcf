import type { IncomingMessage } from 'node:http';

import { describe, expect, it } from '@jest/globals';

import { trustedProxies } from './client-address.js';

const TRUSTED = 'loopback, 10.0.0.0/8,2001:db8:ffff::/48';

function request(peer: string | undefined, forwarded?: string): IncomingMessage {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return { socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage;
}

const clientOf = (
  forwarded?: string,
  peer: string | undefined = '127.0.0.1',
  trust: string | undefined = TRUSTED,
) => trustedProxies(trust).clientOf(request(peer, forwarded));

describe('the client of a request', () => {
  it.each([
    ['203.0.113.8', '203.0.113.8'],
    ['203.0.113.8:50001', '203.0.113.8'],
    ['[2001:db8::5]:443', '2001:db8::5'],
    ['198.51.100.7, 203.0.113.8:50001', '203.0.113.8'],
    ['203.0.113.8:1, 10.1.2.3:2', '203.0.113.8'],
    ['203.0.113.8:1, 10.1.2.3:2, [2001:db8:ffff::1]:3', '203.0.113.8'],
    ['203.0.113.8, ::ffff:10.1.2.3', '203.0.113.8'],
    ['203.0.113.8,, ,10.1.2.3,', '203.0.113.8'],
    ['10.1.2.3', '10.1.2.3'],
  ])('behind a trusted proxy that says %s is %s', (forwarded, client) => {
    expect(clientOf(forwarded)).toBe(client);
  });

  it.each([
    ['unknown', '127.0.0.1'],
    ['', '127.0.0.1'],
    [',,,', '127.0.0.1'],
    ['for=203.0.113.8;proto=https', '127.0.0.1'],
    ['203.0.113.8, _hidden', '127.0.0.1'],
    ['203.0.113.8, unknown, 10.1.2.3', '10.1.2.3'],
    ['a'.repeat(2_000), '127.0.0.1'],
  ])('is the hop that sent %j, which is not an IP address', (forwarded, client) => {
    expect(clientOf(forwarded)).toBe(client);
  });

  it('is the peer when that is not trusted, whatever it sends', () => {
    expect(clientOf('203.0.113.8', '192.0.2.1')).toBe('192.0.2.1');
    expect(trustedProxies(undefined).clientOf(request('::ffff:192.0.2.1', '203.0.113.8'))).toBe('192.0.2.1');
    expect(clientOf('203.0.113.8', '::ffff:127.0.0.1')).toBe('203.0.113.8');
    expect(clientOf('203.0.113.8', '::1')).toBe('203.0.113.8');
  });

  it('is empty when the connection has no IP address', () => {
    expect(trustedProxies(TRUSTED).clientOf(request(undefined, '203.0.113.8'))).toBe('');
  });

  it('knows whether the peer itself is trusted', () => {
    const proxies = trustedProxies(TRUSTED);
    expect(proxies.isPeer(request('::ffff:10.1.2.3'))).toBe(true);
    expect(proxies.isPeer(request('192.0.2.1', '10.1.2.3'))).toBe(false);
    expect(proxies.isPeer(request(undefined))).toBe(false);
    expect(trustedProxies(undefined).isPeer(request('127.0.0.1'))).toBe(false);
  });
});
