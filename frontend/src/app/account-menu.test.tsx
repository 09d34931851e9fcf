import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { screen, waitFor, within } from '@testing-library/react';
import { answers, FakeServer } from '../testing/fake-server';
import { openPage } from '../testing/open-page';
import { alice, root, session } from '../testing/people';

const ASK = 'GET /auth/session';
const { dataset } = document.documentElement;
const menu = (name: string) => screen.findByRole('button', { name: `Signed in as ${name}` });

describe('the account in the header', () => {
  beforeEach(() => void (dataset['signIn'] = 'oidc'));
  afterEach(() => void delete dataset['signIn']);

  it('is not requested when there is no sign-in', async () => {
    delete dataset['signIn'];
    const server = new FakeServer();
    await openPage('/nowhere', server);
    await screen.findByRole('heading', { level: 1 });
    expect(server.sent).toEqual([]);
  });

  it('is not requested by readers when only the administrator signs in', async () => {
    dataset['signIn'] = 'local';
    const server = new FakeServer();
    await openPage('/nowhere', server);
    await screen.findByRole('heading', { level: 1 });
    expect(server.sent).toEqual([]);
    expect(screen.getByRole('link', { name: 'Sign in' })).toBeInTheDocument();
  });

  it('keeps the key of a link in the tab while its reader signs in', async () => {
    const { user, place } = await openPage(
      '/nowhere?x=1#key',
      new FakeServer().on(ASK, answers.ok(session())),
    );
    await user.click(screen.getByRole('link', { name: 'Sign in' }));
    expect(place.address).toBe('/login?returnTo=%2Fnowhere%3Fx%3D1');
    expect(sessionStorage.getItem('burnbag.fragment')).toBe('["/nowhere","#key"]');
  });

  it('opens the sign-in in another tab while the page holds unsaved content', async () => {
    const { user } = await openPage('/', new FakeServer().on(ASK, answers.ok(session())));
    const link = screen.getByRole('link', { name: 'Sign in' });
    expect(link).not.toHaveAttribute('target');
    await user.type(await screen.findByRole('textbox'), 's');
    expect(link).toHaveAttribute('target', '_blank');
    await user.clear(screen.getByRole('textbox'));
    expect(link).not.toHaveAttribute('target');
  });

  it('opens with the tokens and the sign-out; the administration only for administrators', async () => {
    const { user } = await openPage('/nowhere', new FakeServer().on(ASK, answers.ok(session(alice))));
    await user.click(await menu('Alice'));
    expect(screen.getByText('alice@corp.example')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'API tokens' })).toHaveAttribute('href', '/tokens');
    expect(screen.queryByRole('link', { name: 'Administration' })).toBeNull();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('link', { name: 'API tokens' })).toBeNull();
    expect(await menu('Alice')).toHaveFocus();
  });

  it('closes when it loses the focus, and signs out', async () => {
    const server = new FakeServer()
      .on(ASK, answers.ok(session(root)))
      .on('POST /auth/logout', answers.ok({ logoutUrl: null }));
    const { user, place } = await openPage('/nowhere', server);
    const button = await menu('root');
    await user.click(button);
    await user.click(screen.getByRole('radio', { name: 'Dark theme' }));
    expect(button).toHaveAttribute('aria-expanded', 'false');
    await user.click(button);
    const header = within(screen.getByRole('banner'));
    expect(header.getByRole('link', { name: 'Administration' })).toHaveAttribute('href', '/admin');
    await user.click(header.getByRole('button', { name: 'Sign out' }));
    await waitFor(() => expect(place.left).toBe('/login?signedOut'));
  });
});
