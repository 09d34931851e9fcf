import { describe, expect, it } from '@jest/globals';
import { screen, waitFor, within } from '@testing-library/react';
import { answers, FakeServer } from '../../testing/fake-server';
import { openPage } from '../../testing/open-page';
import { alice, session } from '../../testing/people';

const LIST = 'GET /tokens';
const token = (id: string, name: string) => ({
  id,
  name,
  scopes: ['create'],
  owner: 'b5f1',
  createdAt: '2026-11-20T10:00:00.000Z',
  expiresAt: '2126-11-20T10:00:00.000Z',
  lastUsedAt: null,
});
const list = (tokens: object[], nextCursor: string | null = null) => answers.ok({ tokens, nextCursor });
const signedIn = () => new FakeServer().on('GET /auth/session', answers.ok(session(alice)));
const heading = (name: string, level = 1) => screen.findByRole('heading', { level, name });
const cells = (name: string) =>
  within(screen.getByRole('cell', { name }).closest('tr') as HTMLElement)
    .getAllByRole('cell')
    .map(({ textContent }) => textContent);

describe('one’s own API tokens', () => {
  it('are listed to the last page', async () => {
    const server = signedIn().on(LIST, list([token('a', 'deploy')], 'more'), list([token('b', 'backup')]));
    await openPage('/tokens', server);
    await heading('API tokens');
    expect(cells('deploy').slice(0, 2)).toEqual(['deploy', 'hand over']);
    expect(cells('backup')[4]).toBe('never');
    expect(server.calls(LIST).map(({ query }) => query)).toEqual([{}, { cursor: 'more' }]);
  });

  it('are shown once when they are made', async () => {
    const server = signedIn()
      .on(LIST, list([]), list([token('a', 'deploy')]))
      .on('POST /tokens', answers.created({ secret: 'bbt_once', token: token('a', 'deploy') }));
    const { user } = await openPage('/tokens', server);
    expect(await screen.findByText('You have no tokens.')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'New token' }));
    // The figures are for administrators, and so are tokens that read them.
    expect(screen.getAllByRole('checkbox')).toHaveLength(2);
    await user.click(screen.getByRole('button', { name: 'Make the token' }));
    expect(screen.getByRole('alert')).toHaveTextContent('Give it a name.');
    await user.type(screen.getByRole('textbox', { name: 'Name' }), ' deploy ');
    await user.click(screen.getByRole('checkbox', { name: 'Hand secrets over' }));
    await user.click(screen.getByRole('button', { name: 'Make the token' }));
    expect(screen.getByRole('alert')).toHaveTextContent('Choose what it may do.');
    await user.click(screen.getByRole('checkbox', { name: /Read receipts/ }));
    await user.click(screen.getByRole('radio', { name: '7 days' }));
    await user.click(screen.getByRole('button', { name: 'Make the token' }));
    expect(await heading('The token “deploy”', 2)).toHaveFocus();
    expect(screen.getByTestId('token')).toHaveTextContent(/^bbt_once$/);
    expect(server.calls('POST /tokens').map(({ body }) => body)).toEqual([
      { name: 'deploy', scopes: ['receipts'], ttlSeconds: 604_800 },
    ]);
    await user.click(screen.getByRole('button', { name: 'I have it' }));
    expect(document.body).not.toHaveTextContent('bbt_once');
    expect(await screen.findByRole('cell', { name: 'deploy' })).toBeInTheDocument();
  });

  it('are revoked after a question, and are gone from the list', async () => {
    const server = signedIn()
      .on(LIST, list([token('a', 'deploy')]), list([]))
      .on('DELETE /tokens/a', answers.done);
    const { user } = await openPage('/tokens', server);
    const offer = await screen.findByRole('button', { name: 'Revoke deploy' });
    await user.click(offer);
    await user.keyboard('{Escape}');
    expect(offer).toHaveFocus();
    await user.click(offer);
    await user.click(screen.getByRole('button', { name: 'Revoke' }));
    expect(await screen.findByText('“deploy” is revoked.')).toBeInTheDocument();
    expect(await screen.findByText('You have no tokens.')).toBeInTheDocument();
    expect(server.calls('DELETE /tokens/a')).toHaveLength(1);
  });

  it('lead a person without a session to the sign-in, and back', async () => {
    const server = new FakeServer().on('GET /auth/session', answers.ok(session()));
    const { place } = await openPage('/tokens', server);
    await heading('Sign in');
    expect(place.address).toBe('/login?returnTo=%2Ftokens');
    expect(server.calls(LIST)).toEqual([]);
  });

  it('lead there, too, when the session ends meanwhile', async () => {
    const server = new FakeServer()
      .on('GET /auth/session', answers.ok(session(alice)), answers.ok(session()))
      .on(LIST, answers.problem(401, 'sign_in_required'));
    const { place } = await openPage('/tokens', server);
    await waitFor(() => expect(place.address).toBe('/login?returnTo=%2Ftokens'));
  });
});
