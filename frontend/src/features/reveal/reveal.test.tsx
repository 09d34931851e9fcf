import { afterEach, beforeEach, expect, describe, it, jest } from '@jest/globals';
import { act, cleanup, screen, waitFor, within } from '@testing-library/react';
import { answers, FakeServer } from '../../testing/fake-server';
import { openPage } from '../../testing/open-page';
import { SECRET_ID, sealedSecret, status } from '../../testing/sealed-secret';

const TEXT = 'postgres://app:hunter2@db/app';
const STATUS = `GET /secrets/${SECRET_ID}/status`;
const REVEAL = `POST /secrets/${SECRET_ID}/reveal`;
const ACKNOWLEDGE = `POST /secrets/${SECRET_ID}/acknowledge`;
const BURN = `DELETE /secrets/${SECRET_ID}`;

const button = (name: string) => screen.findByRole('button', { name });
const heading = (name: RegExp | string) => screen.findByRole('heading', { level: 1, name });

/** Whether the browser would ask, if the page were left now. */
function asksBeforeLeaving(): boolean {
  const event = new Event('beforeunload', { cancelable: true });
  act(() => void window.dispatchEvent(event));
  return event.defaultPrevented;
}

/** As a browser takes a page of plain http whose name is not localhost. */
const insecurely = () =>
  Object.defineProperty(globalThis, 'isSecureContext', { configurable: true, value: false });

beforeEach(() => {
  // jsdom has neither URLs of blobs nor downloads.
  URL.createObjectURL = () => 'blob:test';
  URL.revokeObjectURL = () => undefined;
  jest.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
});
afterEach(() => {
  jest.restoreAllMocks();
  Reflect.deleteProperty(globalThis, 'isSecureContext');
});

async function sealedServer(change: object = {}, passphrase?: string) {
  const secret = await sealedSecret(TEXT, passphrase);
  const answer = answers.ok({ content: secret.content, sealed: true, viewsLeft: 0 });
  const server = new FakeServer()
    .on(STATUS, answers.ok(status(change)))
    .on(REVEAL, (sent) =>
      sent.body['proof'] === secret.proof ? answer : answers.problem(403, 'proof_wrong', { attemptsLeft: 4 }),
    )
    .on(ACKNOWLEDGE, answers.done)
    .on(BURN, answers.done);
  return { ...secret, server, answer };
}

describe('the envelope', () => {
  it('touches nothing on load', async () => {
    const { server, address } = await sealedServer();
    await openPage(address, server);
    expect(await heading('A sealed envelope for you')).toHaveFocus();
    expect(server.sent.map(({ method, url }) => `${method} ${url}`)).toEqual([STATUS]);
    expect(screen.queryByTestId('mask')).toBeNull();
  });

  it('opens on a deliberate act, masked, and puts the text on the page only when it is revealed', async () => {
    const { server, address } = await sealedServer();
    const { user, page } = await openPage(address, server);
    await user.click(await button('Break the seal'));
    expect(await screen.findByTestId('mask')).toBeInTheDocument();
    expect(page.container.innerHTML).not.toContain('hunter2');
    await user.click(await button('Reveal'));
    expect(screen.getByTestId('plaintext')).toHaveTextContent(TEXT);
    await user.click(await button('Hide'));
    expect(page.container.innerHTML).not.toContain('hunter2');
  });

  it('copies without lifting the mask', async () => {
    const { server, address } = await sealedServer();
    const { user, page } = await openPage(address, server);
    await user.click(await button('Break the seal'));
    await user.click(await button('Copy'));
    expect(await navigator.clipboard.readText()).toBe(TEXT);
    expect(await screen.findByText('Copied')).toBeInTheDocument();
    expect(page.container.innerHTML).not.toContain('hunter2');
  });

  it.each(['Reveal', 'Copy', 'Download'])(
    'acknowledges at the first %s, with the same claim, and only then takes the key out of the address',
    async (taking) => {
      const { server, address } = await sealedServer();
      const { user, place } = await openPage(address, server);
      await user.click(await button('Break the seal'));
      await screen.findByTestId('mask');
      // An acknowledgement by itself would leave in a task of its own.
      await act(() => new Promise((resolve) => setTimeout(resolve, 50)));
      expect(server.calls(ACKNOWLEDGE)).toEqual([]);
      expect(place.address).toBe(address);
      expect(screen.queryByRole('button', { name: 'Burn this copy' })).toBeNull();
      await user.click(await button(taking));
      await waitFor(() => expect(server.calls(ACKNOWLEDGE)).toHaveLength(1));
      expect(server.calls(ACKNOWLEDGE)[0]?.body['claim']).toBe(server.calls(REVEAL)[0]?.body['claim']);
      await waitFor(() => expect(place.address).toBe(`/s/${SECRET_ID}`));
      expect(await screen.findByText(/No one can open this link again/)).toBeInTheDocument();
      expect(await button('Burn this copy')).toBeInTheDocument();
      expect(server.calls(ACKNOWLEDGE)).toHaveLength(1);
    },
  );

  it('does not take a copy that was refused for the text', async () => {
    const { server, address } = await sealedServer();
    const { user } = await openPage(address, server);
    await user.click(await button('Break the seal'));
    jest.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('refused'));
    await user.click(await button('Copy'));
    await screen.findByText(/Copying was refused/);
    expect(server.calls(ACKNOWLEDGE)).toEqual([]);
    expect(asksBeforeLeaving()).toBe(true);
  });

  it('asks before it is left until the text is taken', async () => {
    const { server, address } = await sealedServer();
    const { user } = await openPage(address, server);
    await screen.findByRole('button', { name: 'Break the seal' });
    expect(asksBeforeLeaving()).toBe(false);
    await user.click(await button('Break the seal'));
    await screen.findByTestId('mask');
    expect(asksBeforeLeaving()).toBe(true);
    await user.click(await button('Reveal'));
    expect(asksBeforeLeaving()).toBe(false);
    await screen.findByText(/No one can open this link again/);
  });

  it('says for how long this link shows it again, whatever the clock of this device says, and when that is over', async () => {
    const { server, address, answer } = await sealedServer();
    const hour = Date.now() + 3_600_000;
    const leased = (ms: number) => ({
      ...answer,
      headers: { date: new Date(hour).toUTCString() },
      body: { ...(answer.body as object), leaseExpiresAt: new Date(hour + ms).toISOString() },
    });
    server.on(REVEAL, leased(58_000));
    const { user, page } = await openPage(address, server);
    await user.click(await button('Break the seal'));
    const clock = await screen.findByRole('timer', { name: 'Time in which this link shows it again' });
    expect(clock).toHaveTextContent(/^0:5\d$/);
    page.unmount();

    server.on(REVEAL, leased(-1_000));
    const late = await openPage(address, server);
    await late.user.click(await button('Break the seal'));
    expect(await screen.findByText(/the server has destroyed its copy. Only this page/)).toBeInTheDocument();
    expect(asksBeforeLeaving()).toBe(true);
    await late.user.click(await button('Reveal'));
    expect(screen.getByTestId('plaintext')).toHaveTextContent(TEXT);
    await waitFor(() => expect(server.calls(ACKNOWLEDGE)).toHaveLength(1));
  });

  it('is there again after a reload that came before the text was taken', async () => {
    const { server, address } = await sealedServer();
    const first = await openPage(address, server);
    await first.user.click(await button('Break the seal'));
    await screen.findByTestId('mask');
    act(() => void window.dispatchEvent(new Event('pagehide')));
    expect(screen.queryByTestId('mask')).toBeNull();
    first.page.unmount();
    server.on(STATUS, answers.ok(status({ state: 'claimed', viewsLeft: 0 })));
    const second = await openPage(address, server);
    await second.user.click(await button('Break the seal'));
    await second.user.click(await button('Reveal'));
    expect(screen.getByTestId('plaintext')).toHaveTextContent(TEXT);
    expect(new Set(server.calls(REVEAL).map(({ body }) => body['claim'])).size).toBe(1);
  });

  it.each(['text', 'files'])('says before it is opened what plain http does to %s', async (kind) => {
    const { server, address } = await sealedServer(
      kind === 'files' ? { kind, files: { count: 1, bytes: 9 } } : {},
    );
    await openPage(address, server);
    await screen.findByRole('button', { name: 'Break the seal' });
    expect(screen.queryByRole('alert')).toBeNull();
    cleanup();
    insecurely();
    await openPage(address, server);
    expect(await screen.findByRole('alert')).toHaveTextContent(
      kind === 'files'
        ? /plain http.*Insecure download blocked.*until you say/
        : /plain http.*refuse to copy/,
    );
    expect(server.calls(REVEAL)).toEqual([]);
  });

  it('goes on asking before it is left when plain http may have held the download back', async () => {
    const { server, address } = await sealedServer();
    insecurely();
    const { user } = await openPage(address, server);
    await user.click(await button('Break the seal'));
    await user.click(await button('Download'));
    await waitFor(() => expect(server.calls(ACKNOWLEDGE)).toHaveLength(1));
    expect(asksBeforeLeaving()).toBe(true);
    await user.click(await button('Copy'));
    await waitFor(() => expect(asksBeforeLeaving()).toBe(false));
  });

  it('leaves ash, and no text, when the copy is burned', async () => {
    const { server, address } = await sealedServer();
    const { user, page } = await openPage(address, server);
    await user.click(await button('Break the seal'));
    await user.click(await button('Reveal'));
    await user.click(await button('Burn this copy'));
    expect(page.container.innerHTML).not.toContain('hunter2');
    expect(await heading('Burned')).toHaveFocus();
  });

  it('takes the text off the page when the page is left', async () => {
    const { server, address } = await sealedServer();
    const { user, page } = await openPage(address, server);
    await user.click(await button('Break the seal'));
    await user.click(await button('Reveal'));
    act(() => void window.dispatchEvent(new Event('pagehide')));
    expect(page.container.innerHTML).not.toContain('hunter2');
  });

  it('says how often a link still opens instead of burning it', async () => {
    const { server, address, content } = await sealedServer({ viewsLeft: 3 });
    server.on(REVEAL, answers.ok({ content, sealed: true, viewsLeft: 2 }));
    const { user } = await openPage(address, server);
    await user.click(await button('Break the seal'));
    await user.click(await button('Reveal'));
    expect(await screen.findByText('This link opens 2 more times.')).toBeInTheDocument();
    expect(screen.queryByText(/No one can open this link again/)).toBeNull();
  });
});

describe('the passphrase', () => {
  it('is asked for before anything is opened', async () => {
    const { server, address } = await sealedServer({ passphraseRequired: true }, 'open sesame');
    const { user } = await openPage(address, server);
    expect(await screen.findByLabelText('Passphrase')).toBeInTheDocument();
    await user.click(await button('Break the seal'));
    expect(await screen.findByRole('alert')).toHaveTextContent('Nothing has been opened');
    expect(server.calls(REVEAL)).toEqual([]);
  });

  it('may be wrong without loss: it says how many tries are left, and the right one opens', async () => {
    const { server, address } = await sealedServer({ passphraseRequired: true }, 'open sesame');
    const { user } = await openPage(address, server);
    await user.type(await screen.findByLabelText('Passphrase'), 'wrong{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('you have 4 more tries');
    expect(screen.getByLabelText('Passphrase')).toHaveFocus();
    await user.keyboard('open sesame{Enter}');
    expect(await screen.findByTestId('mask')).toBeInTheDocument();
  });

  it('never leaves the browser for a sealed secret', async () => {
    const { server, address } = await sealedServer({ passphraseRequired: true }, 'open sesame');
    const { user } = await openPage(address, server);
    await user.type(await screen.findByLabelText('Passphrase'), 'open sesame{Enter}');
    await screen.findByTestId('mask');
    expect(JSON.stringify(server.sent)).not.toContain('sesame');
  });

  it('goes to the server for a server-side secret, together with the claim', async () => {
    const server = new FakeServer()
      .on(STATUS, answers.ok(status({ sealed: false, passphraseRequired: true })))
      .on(REVEAL, answers.ok({ content: TEXT, sealed: false, viewsLeft: 0 }))
      .on(ACKNOWLEDGE, answers.done);
    const { user } = await openPage(`/s/${SECRET_ID}`, server);
    await user.type(await screen.findByLabelText('Passphrase'), 'open sesame{Enter}');
    await screen.findByTestId('mask');
    expect(server.calls(REVEAL)[0]?.body).toEqual({
      passphrase: 'open sesame',
      claim: expect.stringMatching(/^[\w-]{22}$/),
    });
  });

  it('tells the lock and its time when the last try was wrong', async () => {
    const { server, address } = await sealedServer({ passphraseRequired: true }, 'open sesame');
    const retryAt = new Date(Date.now() + 900_000).toISOString();
    server
      .on(
        STATUS,
        answers.ok(status({ passphraseRequired: true })),
        answers.ok(status({ state: 'locked', retryAt })),
      )
      .on(REVEAL, answers.problem(403, 'proof_wrong', { attemptsLeft: 0 }));
    const { user } = await openPage(address, server);
    await user.type(await screen.findByLabelText('Passphrase'), 'wrong{Enter}');
    await heading('Locked after too many wrong passphrases');
    expect(screen.getByRole('timer')).toHaveTextContent(/^1[45]:\d\d$/);
  });
});

describe('a broken connection', () => {
  it('is asked again with the same claim', async () => {
    const { server, address, answer } = await sealedServer();
    server.on(REVEAL, 'broken', answer);
    const { user } = await openPage(address, server);
    await user.click(await button('Break the seal'));
    await heading('The connection broke');
    await user.click(await button('Try again'));
    await screen.findByTestId('mask');
    const [first, second] = server.calls(REVEAL);
    expect(second?.body['claim']).toBe(first?.body['claim']);
  });

  it('keeps the claim over a reload, and opens for this tab what is claimed', async () => {
    const { server, address, answer } = await sealedServer();
    server.on(REVEAL, 'broken', answer);
    const first = await openPage(address, server);
    await first.user.click(await button('Break the seal'));
    await heading('The connection broke');
    first.page.unmount();

    server.on(STATUS, answers.ok(status({ state: 'claimed', viewsLeft: 0 })));
    const second = await openPage(address, server);
    await second.user.click(await button('Break the seal'));
    await screen.findByTestId('mask');
    const claims = server.calls(REVEAL).map(({ body }) => body['claim']);
    expect(new Set(claims).size).toBe(1);
  });

  it('shows the text although the acknowledgement is slow, and sends it again', async () => {
    const { server, address } = await sealedServer();
    server.on(ACKNOWLEDGE, 'broken', answers.done);
    const { user, place } = await openPage(address, server);
    await user.click(await button('Break the seal'));
    await user.click(await button('Reveal'));
    expect(place.address).toBe(address);
    await waitFor(() => expect(server.calls(ACKNOWLEDGE)).toHaveLength(2));
    await waitFor(() => expect(place.address).not.toContain('#'));
  });

  it('is said when even the first look fails, and looked at again on request', async () => {
    const { server, address } = await sealedServer();
    server.on(STATUS, 'broken', answers.ok(status()));
    const { user } = await openPage(address, server);
    await heading('The connection broke');
    await user.click(await button('Try again'));
    expect(await heading('A sealed envelope for you')).toHaveFocus();
  });
});

describe('bad news', () => {
  const at = '2026-11-21T14:03:00.000Z';
  it.each([
    ['expired or unknown', answers.problem(404, 'secret_not_found'), /expired/],
    ['opened before', answers.problem(410, 'secret_gone', { reason: 'viewed', at }), /This was opened on/],
    [
      'expired',
      answers.problem(410, 'secret_gone', { reason: 'expired', at }),
      /^This expired on Nov 21, 2026/,
    ],
    ['expired some time', answers.problem(410, 'secret_gone', { reason: 'expired' }), /^This has expired$/],
    ['burned', answers.problem(410, 'secret_gone', { reason: 'burned', at }), /destroyed unread/],
    [
      'too many requests',
      answers.problem(429, 'rate_limited', { retryAfterSeconds: 9 }),
      /Too many requests/,
    ],
    ['no store', answers.problem(503, 'store_unavailable'), /cannot answer right now/],
    ['damaged', answers.problem(503, 'record_damaged'), /cannot open this/],
    ['anything else', answers.problem(500, 'internal'), /Something went wrong/],
  ])('%s has a page of its own', async (_name, answer, title) => {
    const { address } = await sealedSecret(TEXT);
    await openPage(address, new FakeServer().on(STATUS, answer));
    expect(await heading(title)).toHaveFocus();
  });

  it('opened before: tells when, and to tell the sender', async () => {
    const { address } = await sealedSecret(TEXT);
    const server = new FakeServer().on(STATUS, answers.problem(410, 'secret_gone', { reason: 'viewed', at }));
    await openPage(address, server);
    expect(await screen.findByText(/tell the sender now/)).toBeInTheDocument();
    expect(await heading(/Nov 21, 2026/)).toBeInTheDocument();
  });

  it('claimed by another client is not offered for opening', async () => {
    const { server, address } = await sealedServer({ state: 'claimed', viewsLeft: 0, openedAt: at });
    await openPage(address, server);
    await heading(/Someone opened this/);
    expect(screen.queryByRole('button', { name: 'Break the seal' })).toBeNull();
  });

  it.each([
    ['without its key', (address: string) => address.split('#')[0] ?? ''],
    ['with half a key', (address: string) => address.slice(0, -10)],
  ])('a link %s is cut off, and nothing is opened', async (_name, cut) => {
    const { server, address } = await sealedServer();
    await openPage(cut(address), server);
    await heading('This link is cut off');
    expect(server.calls(REVEAL)).toEqual([]);
  });

  it('an invalid id in the URL causes no request', async () => {
    const server = new FakeServer();
    await openPage(`/s/${SECRET_ID.slice(0, -3)}`, server);
    await heading('This link is cut off');
    expect(server.sent).toEqual([]);
  });

  it('a changed key does not open, and says that nothing is lost', async () => {
    const { server, address } = await sealedServer();
    const { user } = await openPage(`${address.slice(0, -3)}AAA`, server);
    await user.click(await button('Break the seal'));
    await heading('This link does not fit the envelope');
    expect(screen.getByText('Nothing was opened and nothing is lost.')).toBeInTheDocument();
  });

  it('a damaged file is not acknowledged, and can be asked for again', async () => {
    const { server, address, content } = await sealedServer();
    server.on(REVEAL, answers.ok({ content: `${content.slice(0, -8)}AAAAAAA=`, sealed: true, viewsLeft: 0 }));
    const { user } = await openPage(address, server);
    await user.click(await button('Break the seal'));
    await heading('The sealed text does not open');
    expect(await button('Save the sealed file')).toBeInTheDocument();
    expect(server.calls(ACKNOWLEDGE)).toEqual([]);
  });
});

describe('destroying it unread', () => {
  it('asks first, and the way back has the focus', async () => {
    const { server, address } = await sealedServer();
    const { user } = await openPage(address, server);
    await user.click(await button('I did not expect this: destroy it unread'));
    expect(await button('Keep it')).toHaveFocus();
    await user.keyboard('{Escape}');
    expect(server.calls(BURN)).toEqual([]);
    expect(await button('Break the seal')).toBeInTheDocument();
  });

  it('proves that it holds the link', async () => {
    const { server, address, proof } = await sealedServer();
    const { user } = await openPage(address, server);
    await user.click(await button('I did not expect this: destroy it unread'));
    const group = screen.getByRole('group', { name: 'Destroy it unread?' });
    await user.click(within(group).getByRole('button', { name: 'Burn' }));
    await heading('Destroyed unread');
    expect(server.calls(BURN)[0]?.body).toEqual({ proof });
    expect(server.calls(REVEAL)).toEqual([]);
  });
});
