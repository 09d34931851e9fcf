import { afterEach, describe, expect, it } from '@jest/globals';
import { createApiClient } from '../api/client';
import { answers, FakeServer } from '../../testing/fake-server';
import { keepFragment, takeFragment } from './kept-fragment';
import { endSession, fetchSession } from './session';
import { localPath, providerAddress, signInPage } from './sign-in-address';
import { asksForSession, rememberSignIn } from './sign-in-offer';

afterEach(() => void delete document.documentElement.dataset['signIn']);

describe('the way back after a sign-in', () => {
  it.each(['/', '/admin/audit?ref=9f2c#x', '/s/5e0f'])('is a path of this portal: %s', (path) =>
    expect(localPath(path)).toBe(path),
  );

  it.each([
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/x/..//evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    'admin',
    '',
    null,
    undefined,
  ])('is nothing else: %j', (path) => expect(localPath(path)).toBeUndefined());

  it('never carries the key of a link to the server or the provider', () => {
    expect(signInPage('/s/5e0f?x=1#key')).toBe('/login?returnTo=%2Fs%2F5e0f%3Fx%3D1');
    expect(providerAddress('/s/5e0f#key')).toBe('/api/v1/auth/login?returnTo=%2Fs%2F5e0f');
  });
});

describe('the key of a link during a sign-in', () => {
  it('is kept in this tab and given back once, to the page that it is of', () => {
    keepFragment('/s/5e0f', '#key');
    expect(takeFragment('/s/5e0f')).toBe('#key');
    expect(takeFragment('/s/5e0f')).toBe('');
    keepFragment('/s/5e0f', '#key');
    expect(takeFragment('/s/other')).toBe('');
    expect(sessionStorage).toHaveLength(0);
  });
});

describe('pages that ask for the session', () => {
  it('are none without a sign-in; all where people sign in; those of the administrator where only they do', () => {
    expect(asksForSession()).toBe(false);
    document.documentElement.dataset['signIn'] = 'oidc';
    expect(asksForSession()).toBe(true);
    document.documentElement.dataset['signIn'] = 'local';
    expect(asksForSession()).toBe(false);
    rememberSignIn(true);
    expect(asksForSession()).toBe(true);
    rememberSignIn(false);
    expect(asksForSession()).toBe(false);
  });
});

it('marks every change, and nothing else, as coming from the portal', async () => {
  const server = new FakeServer()
    .on('GET /auth/session', answers.ok({}))
    .on('POST /auth/logout', answers.ok({ logoutUrl: null }));
  const api = createApiClient(server.adapter);
  await fetchSession(api);
  expect(await endSession(api)).toBeUndefined();
  expect(server.sent.map(({ method, fromPortal }) => [method, fromPortal])).toEqual([
    ['GET', false],
    ['POST', true],
  ]);
});
