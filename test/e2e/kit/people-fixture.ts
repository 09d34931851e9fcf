import { afterAll, beforeAll, jest } from '@jest/globals';
import type { Page } from 'playwright-core';

import { formatPasswordHash } from '../../../src/auth/local-admin/password-hash.js';
import { PasswordHasher } from '../../../src/auth/local-admin/password-hasher.js';
import { systemRandom } from '../../../src/crypto/random-source.port.js';
import { ADMIN, STAFF } from '../../int/kit/people.js';
import { freePort } from '../../support/free-port.js';
import { TestProvider } from '../../support/test-provider.js';
import { usePortal, type PortalFixture } from './portal-fixture.js';

/** A portal whose people sign in at a real provider, or as the local administrator. */
export interface PeopleFixture {
  readonly portal: PortalFixture;
  readonly provider: TestProvider;
}

export async function adminEnv(): Promise<Record<string, string>> {
  const hash = formatPasswordHash(await new PasswordHasher().hash(ADMIN.password, systemRandom));
  return { ADMIN_USERNAME: ADMIN.username, ADMIN_PASSWORD_HASH: hash };
}

/** The provider of one portal: it can only be set up once the portal has an address. */
class FixtureProvider {
  readonly origins: string[] = [];
  private own: TestProvider | undefined;

  get provider(): TestProvider {
    if (!this.own) throw new Error('the provider is up only inside tests');
    return this.own;
  }

  /** @returns the settings of the app */
  async open(url: string): Promise<Record<string, string>> {
    this.own = new TestProvider({
      port: await freePort(),
      callback: `${url}/api/v1/auth/callback`,
      signedOut: `${url}/`,
      people: STAFF,
    });
    await this.own.start();
    this.origins.push(this.own.issuer);
    return {
      AUTH_MODE: 'oidc',
      ...this.own.env,
      OIDC_SCOPES: 'openid email profile groups',
      OIDC_ADMIN_CLAIM: 'groups=ops',
      ...(await adminEnv()),
    };
  }
}

export function usePeoplePortal(): PeopleFixture {
  const own = new FixtureProvider();
  // The provider's advice about its development pages.
  beforeAll(() => {
    for (const level of ['info', 'warn'] as const) jest.spyOn(console, level).mockReturnValue();
  });
  const portal = usePortal((url) => own.open(url), own.origins);
  afterAll(async () => {
    await own.provider.stop();
    jest.restoreAllMocks();
  });
  return {
    portal,
    get provider() {
      return own.provider;
    },
  };
}

/** Fills in the provider's own pages, until it leads back. */
export async function signInAtProvider(page: Page, login: string): Promise<void> {
  await page.getByPlaceholder('Enter any login').fill(login);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** As the local administrator does it, from the form as it stands. */
export async function signInAsAdmin(page: Page, password = ADMIN.password): Promise<void> {
  await page.getByRole('textbox', { name: 'Name' }).fill(ADMIN.username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
}
