import { describe, expect, it } from '@jest/globals';
import { screen, waitFor, within } from '@testing-library/react';
import { answers, FakeServer } from '../../testing/fake-server';
import { openPage } from '../../testing/open-page';
import { alice, root, session } from '../../testing/people';

const ASK = 'GET /auth/session';
const LOCAL = 'POST /auth/local';
const heading = (name: string) => screen.findByRole('heading', { level: 1, name });
const onlyLocal = { authMode: 'open', signIn: { oidc: false, local: true } } as const;

async function localForm(server: FakeServer, address = '/login') {
  const opened = await openPage(address, server.on(ASK, answers.ok(session(undefined, onlyLocal))));
  await heading('Sign in');
  const submit = async (password: string, name?: string) => {
    if (name) await opened.user.type(screen.getByRole('textbox', { name: 'Name' }), name);
    await opened.user.type(screen.getByLabelText('Password'), password);
    await opened.user.keyboard('{Enter}');
  };
  return { ...opened, submit };
}

describe('the sign-in page', () => {
  it('leads to the provider, and back to where it was asked for', async () => {
    await openPage('/login?returnTo=/tokens', new FakeServer().on(ASK, answers.ok(session())));
    await heading('Sign in');
    expect(screen.getByRole('link', { name: 'Sign in with your organization' })).toHaveAttribute(
      'href',
      '/api/v1/auth/login?returnTo=%2Ftokens',
    );
  });

  it('leads to no other site afterwards', async () => {
    await openPage('/login?returnTo=//evil.example', new FakeServer().on(ASK, answers.ok(session())));
    await heading('Sign in');
    expect(screen.getByRole('link', { name: 'Sign in with your organization' })).toHaveAttribute(
      'href',
      '/api/v1/auth/login?returnTo=%2F',
    );
  });

  it.each([
    ['sign_in_expired', /took too long/],
    ['sign_in_refused', /was not confirmed/],
    ['sign_in_unavailable', /does not answer. Nothing is lost/],
    ['<b>anything</b>', /did not work/],
  ])('says in words what went wrong at the provider: %s', async (code, words) => {
    const server = new FakeServer().on(ASK, answers.ok(session()));
    await openPage(`/login?problem=${encodeURIComponent(code)}`, server);
    expect(await screen.findByRole('alert')).toHaveTextContent(words);
    expect(screen.getByRole('link', { name: 'Try again with your organization' })).toBeInTheDocument();
  });

  it('signs the administrator in and goes on', async () => {
    const server = new FakeServer().on(LOCAL, answers.ok(session(root, onlyLocal)));
    const { submit, place } = await localForm(server, '/login?returnTo=/nowhere?x=1');
    expect(screen.getByRole('textbox', { name: 'Name' })).toHaveFocus();
    await submit('right', 'root');
    await heading('There is no such page');
    expect(place.address).toBe('/nowhere?x=1');
    const [sent] = server.calls(LOCAL);
    expect(sent?.body).toEqual({ username: 'root', password: 'right' });
    expect(sent?.fromPortal).toBe(true);
  });

  it('keeps the name and forgets the password when they are wrong, and counts down a lock', async () => {
    const server = new FakeServer().on(
      LOCAL,
      answers.problem(403, 'sign_in_wrong'),
      answers.problem(429, 'sign_in_locked', { retryAfterSeconds: 900 }),
    );
    const { submit } = await localForm(server);
    await submit('guess', 'root');
    expect(await screen.findByRole('alert')).toHaveTextContent('The name or the password is wrong.');
    expect(screen.getByRole('textbox', { name: 'Name' })).toHaveValue('root');
    expect(screen.getByLabelText('Password')).toHaveValue('');
    expect(screen.getByLabelText('Password')).toHaveFocus();
    await submit('another');
    expect(await screen.findByRole('timer')).toHaveTextContent(/^1[45]:\d\d$/);
  });

  it('sends nothing while a field is empty', async () => {
    const server = new FakeServer();
    const { user } = await localForm(server);
    await user.keyboard('{Enter}');
    expect(server.calls(LOCAL)).toEqual([]);
  });

  it('says that no sign-in is needed when there is none', async () => {
    const nobody = session(undefined, { authMode: 'open', signIn: { oidc: false, local: false } });
    await openPage('/login', new FakeServer().on(ASK, answers.ok(nobody)));
    expect(await heading('No one needs to sign in here')).toHaveFocus();
  });

  it('says who is signed in, and signs out at the provider, too', async () => {
    const server = new FakeServer()
      .on(ASK, answers.ok(session(alice)))
      .on('POST /auth/logout', 'broken', answers.ok({ logoutUrl: 'https://id.example/end' }));
    const { user, place } = await openPage('/login', server);
    await heading('You are signed in');
    const main = within(screen.getByRole('main'));
    expect(main.getByText('alice@corp.example')).toBeInTheDocument();
    await user.click(main.getByRole('button', { name: 'Sign out' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('did not work');
    await user.click(main.getByRole('button', { name: 'Sign out' }));
    await waitFor(() => expect(place.left).toBe('https://id.example/end'));
  });

  it('can ask again when the server does not say how people sign in', async () => {
    const server = new FakeServer().on(ASK, 'broken', answers.ok(session()));
    const { user } = await openPage('/login', server);
    await heading('The server cannot answer right now');
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await heading('Sign in')).toBeInTheDocument();
  });
});
