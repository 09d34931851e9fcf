import { describe, expect, it } from '@jest/globals';

import { endpointUrl, parseEndpointUrl, type EndpointRules } from './endpoint-url.js';

const REDIS: EndpointRules = { schemes: ['redis', 'rediss'], path: 'database number', login: true };
const POSTGRES: EndpointRules = {
  schemes: ['postgres', 'postgresql'],
  path: 'any',
  login: true,
  query: true,
  socket: true,
};
const HTTP: EndpointRules = { schemes: ['http', 'https'], path: 'any' };

describe('the URL of a server', () => {
  it.each([
    ['redis://h', { host: 'h', port: undefined, path: '' }],
    ['rediss://bb:p%40s%2Fs%25@redis.example:7000/2', { username: 'bb', password: 'p@s/s%', path: '/2' }],
    ['redis://:p@[::1]:6380', { username: undefined, password: 'p', host: '::1', port: 6380 }],
    ['REDIS://h/', { scheme: 'redis', path: '/' }],
  ])('%s is parsed', (raw, parts) => expect(parseEndpointUrl(raw, REDIS)).toMatchObject(parts));

  it.each([
    'postgres://u:p@h/db?sslmode=verify-full&sslrootcert=/etc/ca.pem',
    'postgresql:///db?host=/var/run/postgresql',
    'postgres://u:p@%2Fvar%2Frun%2Fpostgresql/db',
  ])('%s is a URL of PostgreSQL', (raw) => expect(endpointUrl(POSTGRES)(raw)).toBeUndefined());

  const SECRETS = ['hun', 'ter2'];
  it.each([
    'redis://:hun@ter2/w:rd@host:6379',
    'redis://:hun/ter2@host',
    'redis://:hun#ter2@host',
    'redis://:hun?ter2@host',
    'redis://:hun@ter2@host',
    'redis://:hun%ter2@host',
    'redis://:hun%off-ter2@host',
    'redis://:hun%ff-ter2@host',
    'redis://:hun ter2@host',
    'redis://:hun\\ter2@ho\\st',
    'redis://:hun:ter2@host',
    'redis://:hünter2@host',
    'redis://user:6379/ter2@host',
    'redis://host/hunter2',
    'redis://host:99999',
    'redis://host/0?db=hunter2',
    'redis://',
    'hunter2',
  ])('%j is refused without repeating any of it', (raw) => {
    const problem = endpointUrl(REDIS)(raw);
    expect(problem).toBeDefined();
    for (const secret of SECRETS) expect(problem).not.toContain(secret);
    expect(problem).not.toContain('\n');
  });

  it.each([
    'postgres://u:p@ss/w:rd@host/db',
    'postgres://u:50%off@host/db',
    'postgres://u:12/ss@host/db',
    'postgres://u:p?ss@host/db',
    'http://host/',
  ])('%j is not a URL of PostgreSQL', (raw) => expect(endpointUrl(POSTGRES)(raw)).toBeDefined());

  it.each([
    'https://user:pass@h',
    'https://h?x=1',
    'https://h#x',
    'https:/h',
    'https://h/50%off',
    'https://',
  ])('%j is not a URL of a web server', (raw) => expect(endpointUrl(HTTP)(raw)).toBeDefined());
});
