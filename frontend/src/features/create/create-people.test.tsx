import { DEFAULT_POLICY } from '@burnbag/contract';
import { afterEach, describe, expect, it } from '@jest/globals';
import { screen, waitFor } from '@testing-library/react';
import { answers, FakeServer } from '../../testing/fake-server';
import { openPage } from '../../testing/open-page';

const URL = 'https://burn.example/s/5e0f2f0c-7c1b-4c58-9b83-3a1d2f9c0a11';
const CREATED = {
  id: '5e0f2f0c-7c1b-4c58-9b83-3a1d2f9c0a11',
  url: URL,
  expiresAt: '2026-11-22T14:03:00.000Z',
  receiptUrl: `https://burn.example/r#${'T'.repeat(60)}`,
};
const CREATE = 'POST /secrets';
const ALICE = { kind: 'person', subject: 'a', name: 'Alice', isAdmin: false, via: 'oidc', sessionId: '0' };
const session = (principal: object) =>
  answers.ok({
    authMode: 'oidc',
    signIn: { oidc: true, local: false },
    mayCreate: principal === ALICE,
    principal,
  });

async function start(policy: object, server = new FakeServer()) {
  server.on('GET /policy', answers.ok({ ...DEFAULT_POLICY, ...policy }));
  if (server.calls(CREATE).length === 0) server.on(CREATE, answers.created(CREATED));
  const { user } = await openPage('/', server);
  const field = await screen.findByRole<HTMLTextAreaElement>('textbox');
  return { server, user, field };
}
const named = { recipientsAllowed: true };
const word = (name: string) => screen.findByRole('button', { name });
const seal = async () => screen.getByRole('button', { name: 'Seal' });

afterEach(() => void delete document.documentElement.dataset['signIn']);

describe('naming who may open it', () => {
  it('is a word of the sentence; the server is told the addresses', async () => {
    const { server, user, field } = await start(named);
    await user.type(field, 'hunter2');
    await user.click(await word('for anyone with the link'));
    const addresses = screen.getByLabelText('Who may open it');
    expect(addresses).toHaveFocus();
    await user.type(addresses, 'alice@corp.example, bob@corp.example;alice@corp.example');
    expect(await word('only for alice@corp.example and one other')).toBeInTheDocument();
    expect(screen.getByText(/first of the people you name who signs in/)).toBeInTheDocument();
    await user.click(await seal());
    expect(await screen.findByTestId('recipients')).toHaveTextContent(
      'It opens only for alice@corp.example and bob@corp.example',
    );
    expect(server.calls(CREATE)[0]?.body['recipients']).toEqual(['alice@corp.example', 'bob@corp.example']);
  });

  it('offers no command for scripts, which cannot be recipients', async () => {
    const { user, field } = await start(named);
    await user.type(field, 'hunter2');
    await user.click(await word('in this browser'));
    await user.click(screen.getByRole('radio', { name: /Encrypted on the server/ }));
    await user.click(await word('for anyone with the link'));
    await user.type(screen.getByLabelText('Who may open it'), 'alice@corp.example');
    await user.click(await seal());
    await screen.findByTestId('recipients');
    expect(screen.queryByTestId('script')).toBeNull();
  });

  it.each([
    ['kevin', 'is not an e-mail address'],
    ['\u212Aevin@corp.example', 'is not an e-mail address'],
    [Array.from({ length: 21 }, (_, at) => `p${at}@corp.example`).join(' '), 'At most 20 people'],
  ])('says what is wrong with %s, and sends nothing', async (typed, message) => {
    const { server, user, field } = await start(named);
    await user.type(field, 'hunter2');
    await user.click(await word('for anyone with the link'));
    await user.click(screen.getByLabelText('Who may open it'));
    await user.paste(typed);
    await user.click(await seal());
    expect(await screen.findByRole('alert')).toHaveTextContent(message);
    expect(server.calls(CREATE)).toEqual([]);
  });

  it('is not offered without a sign-in', async () => {
    const { server } = await start({});
    await waitFor(() => expect(server.calls('GET /policy')).toHaveLength(1));
    expect(screen.queryByRole('button', { name: 'for anyone with the link' })).toBeNull();
  });
});

describe('settings of the administrator', () => {
  it('are shown before anything is sent: a passphrase, and recipients', async () => {
    const { server, user, field } = await start({
      ...named,
      passphraseRequired: true,
      recipientsRequired: true,
    });
    await user.type(field, 'hunter2');
    await word('with which passphrase?');
    await user.click(await seal());
    expect(await screen.findByRole('alert')).toHaveTextContent('Name at least one person');
    await user.type(screen.getByLabelText('Who may open it'), 'alice@corp.example');
    await user.click(await seal());
    expect(await screen.findByRole('alert')).toHaveTextContent('wants a passphrase for every secret');
    expect(server.calls(CREATE)).toEqual([]);
  });

  it('are not choices: views, encryption and files', async () => {
    await start({ sealedRequired: true, filesAllowed: false, maxViews: 1 });
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Add files' })).toBeNull());
    expect(screen.queryByRole('button', { name: 'in this browser' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'once' })).toBeNull();
    expect(screen.getByText('in this browser')).toBeInTheDocument();
  });

  it('are named when the server refuses all the same', async () => {
    const refused = answers.problem(403, 'policy_refused', { rule: 'SEALED_REQUIRED' });
    const { user, field, server } = await start({});
    server.on(CREATE, refused);
    await user.type(field, 'hunter2');
    await user.click(await seal());
    expect(await screen.findByRole('alert')).toHaveTextContent('do not allow it (SEALED_REQUIRED)');
    expect(field.value).toBe('hunter2');
  });
});

describe('a sign-in that is needed to create', () => {
  it('happens in another tab: the text stays on the page, in no storage, and goes out when it is done', async () => {
    const server = new FakeServer();
    server
      .on(CREATE, answers.problem(401, 'sign_in_required'), answers.created(CREATED))
      .on('GET /auth/session', session({ kind: 'anonymous' }));
    server.on('GET /policy', answers.ok(DEFAULT_POLICY));
    const { user } = await openPage('/', server);
    const field = await screen.findByRole<HTMLTextAreaElement>('textbox');
    await user.type(field, 'hunter2');
    await user.click(await seal());
    const link = await screen.findByRole('link', { name: 'Sign in in another tab' });
    expect(link).toHaveAttribute('target', '_blank');
    expect(link.getAttribute('href')).toMatch(/^\/login\?/);
    expect(field.value).toBe('hunter2');
    expect(JSON.stringify([{ ...sessionStorage }, { ...localStorage }])).not.toContain('hunter2');

    server.on('GET /auth/session', session(ALICE));
    window.dispatchEvent(new Event('focus'));
    expect(await screen.findByText(/signed in as Alice now/)).toBeInTheDocument();
    await user.click(await seal());
    expect(await screen.findByTestId('link')).toHaveTextContent(URL);
  });
});
