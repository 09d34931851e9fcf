import { describe, expect, it } from '@jest/globals';

import { networkAddressOf, parseIpAddress } from './ip-address.js';

describe('an IP address in a text', () => {
  it.each([
    ['203.0.113.8', '203.0.113.8'],
    [' 203.0.113.8\t', '203.0.113.8'],
    ['203.0.113.8:50001', '203.0.113.8'],
    ['2001:db8::5', '2001:db8::5'],
    ['2001:DB8:0:0:0:0:0:5', '2001:db8::5'],
    ['[2001:db8::5]', '2001:db8::5'],
    ['[2001:db8::5]:443', '2001:db8::5'],
    ['2001:db8::5:443', '2001:db8::5:443'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:443', 'fe80::1'],
    ['::ffff:203.0.113.8', '203.0.113.8'],
    ['::ffff:cb00:7108', '203.0.113.8'],
    ['[::ffff:203.0.113.8]:443', '203.0.113.8'],
    ['::1', '::1'],
  ])('%s is %s', (text, address) => {
    expect(parseIpAddress(text)).toBe(address);
  });

  it.each([
    '',
    ' ',
    'unknown',
    '_hidden',
    'localhost',
    '999.1.1.1',
    '203.0.113',
    '2130706433',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '203.0.113.8:',
    '203.0.113.8:port',
    '203.0.113.8:123456',
    '203.0.113.8:1:2',
    '203.0.113.8/24',
    '[203.0.113.8]:80',
    '[2001:db8::5',
    '2001:db8::5]:443',
    '[2001:db8::5]443',
    '[]:443',
    'for=203.0.113.8;proto=https',
    '"[2001:db8::5]:443"',
    `203.0.113.8${' '.repeat(2_000)}`,
    'a'.repeat(2_000),
    `fe80::1%${'z'.repeat(2_000)}`,
  ])('%j is none', (text) => {
    expect(parseIpAddress(text)).toBeUndefined();
  });

  it('has one network, in every form of the text', () => {
    const prefixes = { ipv4: 24, ipv6: 64 };
    expect(networkAddressOf('203.0.113.8:50001', prefixes)).toBe('203.0.113.0');
    expect(networkAddressOf('::ffff:203.0.113.8', prefixes)).toBe('203.0.113.0');
    expect(networkAddressOf('[2001:db8:1:2:3::5]:443', prefixes)).toBe('2001:db8:1:2::');
    expect(networkAddressOf('203.0.113.255', { ipv4: 28, ipv6: 52 })).toBe('203.0.113.240');
    expect(networkAddressOf('2001:db8:1:ffff:3::5', { ipv4: 28, ipv6: 52 })).toBe('2001:db8:1:f000::');
    expect(networkAddressOf('203.0.113.255', { ipv4: 32, ipv6: 128 })).toBe('203.0.113.255');
    expect(networkAddressOf('2001:db8::5%eth0', { ipv4: 32, ipv6: 128 })).toBe('2001:db8::5');
    expect(networkAddressOf('unknown', prefixes)).toBeUndefined();
  });
});
