import { DEFAULT_POLICY } from '@burnbag/contract';
import { describe, expect, it, jest } from '@jest/globals';
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { base64 } from '@scure/base';
import { deriveFromLinkKey } from '../../lib/seal/derive';
import { parseLinkKey } from '../../lib/seal/link-key';
import { open } from '../../lib/seal/seal';
import { answers, FakeServer } from '../../testing/fake-server';
import { openPage } from '../../testing/open-page';

const CREATED = {
  id: '5e0f2f0c-7c1b-4c58-9b83-3a1d2f9c0a11',
  url: 'https://burn.example/s/5e0f2f0c-7c1b-4c58-9b83-3a1d2f9c0a11',
  ref: '00'.repeat(16),
  expiresAt: '2026-11-22T14:03:00.000Z',
  receiptToken: 'T'.repeat(60),
  receiptUrl: `https://burn.example/r#${'T'.repeat(60)}`,
};
const CREATE = 'POST /secrets';

const start = async (policy: object = {}, language: 'en' | 'de' = 'en') => {
  const server = new FakeServer()
    .on('GET /policy', answers.ok({ ...DEFAULT_POLICY, ...policy }))
    .on(CREATE, answers.created(CREATED));
  const { user } = await openPage('/', server, language);
  const field = await screen.findByRole<HTMLTextAreaElement>('textbox');
  return { server, user, field };
};
const button = (name: string | RegExp) => screen.getByRole('button', { name });
const sealButton = () => button('Seal');
const bodyOf = (server: FakeServer, call = 0) => server.calls(CREATE)[call]?.body ?? {};
const linkOf = async () => (await screen.findByTestId('link')).textContent ?? '';

describe('writing', () => {
  it('starts with the caret on the sheet', async () => {
    const { field } = await start();
    expect(field).toHaveFocus();
    expect(field).toHaveAccessibleName('Secret');
  });

  it('sends no text away for spell checking or completion', async () => {
    const { field } = await start();
    expect(field).toHaveAttribute('spellcheck', 'false');
    expect(field).toHaveAttribute('autocomplete', 'off');
  });

  it.each([
    ['nothing', '', 'There is nothing to seal yet'],
    ['half of a character', 'a\ud800b', 'half of a character'],
    ['too much', 'ä'.repeat(60), 'longer than the'],
  ])('refuses %s beside the field, and keeps it', async (_name, text, message) => {
    const { server, user, field } = await start({ secretMaxBytes: 100 });
    await waitFor(() => expect(server.calls('GET /policy')).toHaveLength(1));
    fireEvent.input(field, { target: { value: text } });
    await user.click(sealButton());
    expect(await screen.findByRole('alert')).toHaveTextContent(message);
    expect(field).toHaveFocus();
    expect(field).toHaveAccessibleDescription(expect.stringContaining(message));
    expect(field.value).toBe(text);
    expect(server.calls(CREATE)).toEqual([]);
  });

  it('counts bytes, not characters, once the limit is near', async () => {
    const { field } = await start({ secretMaxBytes: 100 });
    fireEvent.input(field, { target: { value: 'a'.repeat(70) } });
    expect(screen.queryByText(/bytes$/)).toBeNull();
    fireEvent.input(field, { target: { value: 'ä'.repeat(45) } });
    expect(await screen.findByText('90 of 100 bytes')).toBeInTheDocument();
  });
});

describe('sealing', () => {
  it('seals with Ctrl+Enter, and sends neither the text nor the key', async () => {
    const { server, user, field } = await start();
    await user.type(field, 'hunter2{Control>}{Enter}{/Control}');
    const link = await linkOf();
    const fragment = link.split('#')[1] ?? '';
    expect(link.startsWith(`${CREATED.url}#`)).toBe(true);
    expect(JSON.stringify(server.sent)).not.toContain('hunter2');
    expect(JSON.stringify(server.sent)).not.toContain(fragment);
    expect(bodyOf(server)).toMatchObject({
      sealed: true,
      passphraseRequired: false,
      ttlSeconds: 86_400,
      maxViews: 1,
    });
  });

  it('makes a link that opens exactly the text, with the passphrase that was set', async () => {
    const { server, user, field } = await start();
    await user.type(field, 'hunter2 äöü');
    await user.click(button('no passphrase'));
    await user.type(screen.getByLabelText('Passphrase'), 'open sesame');
    await user.click(sealButton());
    const key = parseLinkKey((await linkOf()).split('#')[1] ?? '') ?? new Uint8Array();
    const keys = await deriveFromLinkKey(key, 'open sesame');
    const body = bodyOf(server);
    expect(body['proofHash']).toBe(keys.proofHash);
    expect(body['passphraseRequired']).toBe(true);
    expect(await open(String(body['content']), keys)).toBe('hunter2 äöü');
    expect(JSON.stringify(server.sent)).not.toContain('sesame');
  });

  it('makes a new key for every link', async () => {
    const { server, user, field } = await start();
    await user.type(field, 'one');
    await user.click(sealButton());
    const first = await linkOf();
    await user.click(button('Copy link'));
    await user.click(button('Hand over another'));
    await user.type(await screen.findByRole('textbox'), 'two');
    await user.click(sealButton());
    expect(await linkOf()).not.toBe(first);
    expect(bodyOf(server, 1)['proofHash']).not.toBe(bodyOf(server, 0)['proofHash']);
  });

  it('keeps the text when creating fails, and says that nothing is lost', async () => {
    const { server, user, field } = await start();
    server.on(CREATE, 'broken', answers.created(CREATED));
    await user.type(field, 'hunter2');
    await user.click(sealButton());
    expect(await screen.findByRole('alert')).toHaveTextContent('Nothing is lost by it');
    expect(field.value).toBe('hunter2');
    await user.click(sealButton());
    expect(await linkOf()).toContain('#');
  });

  it.each([
    [answers.problem(429, 'rate_limited', { retryAfterSeconds: 7 }), /in 7 seconds/],
    [answers.problem(503, 'store_unavailable'), /cannot store anything/],
    [
      answers.problem(400, 'validation_failed', { errors: [{ field: 'ttlSeconds', message: 'is odd' }] }),
      /ttlSeconds is odd/,
    ],
    [answers.problem(413, 'payload_too_large', { limit: 10 }), /longer than/],
    [answers.problem(500, 'internal', { requestId: 'r-1' }), /r-1/],
    [answers.proxy(413), /proxy in front .* \(413\).*client_max_body_size/],
    [answers.proxy(502), /proxy in front .* answered 502/],
    [answers.proxy(403), /such as a proxy, answered 403/],
    [{ status: 413, body: { code: 'payload_too_large' } }, /\(413\)/],
  ])('says what the server refused: %j', async (answer, message) => {
    const { server, user, field } = await start();
    server.on(CREATE, answer);
    await user.type(field, 'hunter2');
    await user.click(sealButton());
    expect(await screen.findByRole('alert')).toHaveTextContent(message);
    expect(field.value).toBe('hunter2');
  });

  it('leaves nothing of the text on the page afterwards', async () => {
    const { user, field } = await start();
    await user.type(field, 'hunter2');
    await user.click(sealButton());
    await linkOf();
    expect(document.body.innerHTML).not.toContain('hunter2');
    await user.click(button('Copy link'));
    await user.click(button('Hand over another'));
    expect(await screen.findByRole('textbox')).toHaveValue('');
  });
});

describe('the choices', () => {
  it('reads as a sentence and changes with each choice', async () => {
    const { server, user, field } = await start();
    await user.type(field, 'x');
    await user.click(button('once'));
    await user.click(screen.getByRole('radio', { name: '3 times' }));
    await user.click(button('1 day'));
    await user.click(screen.getByRole('radio', { name: '1 hour' }));
    expect(button('3 times')).toBeInTheDocument();
    expect(screen.getByText(/3 times in all/)).toBeInTheDocument();
    await user.click(sealButton());
    await linkOf();
    expect(bodyOf(server)).toMatchObject({ maxViews: 3, ttlSeconds: 3_600 });
  });

  it('closes an open choice with Escape and gives the focus back to its word', async () => {
    const { user } = await start();
    await user.click(button('once'));
    await user.tab();
    await user.keyboard('{Escape}');
    expect(button('once')).toHaveFocus();
    expect(button('once')).toHaveAttribute('aria-expanded', 'false');
  });

  it('offers no time beyond the policy, and refuses one that is typed', async () => {
    const { server, user, field } = await start({
      secretTtlMaxSeconds: 7_200,
      secretTtlDefaultSeconds: 3_600,
    });
    await user.type(field, 'x');
    await user.click(await screen.findByRole('button', { name: '1 hour' }));
    expect(screen.queryByRole('radio', { name: '1 day' })).toBeNull();
    await user.click(screen.getByRole('radio', { name: 'Another time' }));
    const amount = screen.getByRole('spinbutton', { name: 'Amount' });
    await user.clear(amount);
    await user.type(amount, '3');
    await user.click(sealButton());
    expect(await screen.findByRole('alert')).toHaveTextContent('at most 2 hours');
    expect(server.calls(CREATE)).toEqual([]);
  });

  it('says truthfully who can see it when the server encrypts, and gives the command for a script', async () => {
    const { server, user, field } = await start();
    await user.type(field, 'x');
    expect(screen.getByText(/The people who run this server cannot/)).toBeInTheDocument();
    await user.click(button('in this browser'));
    await user.click(screen.getByRole('radio', { name: /Encrypted on the server/ }));
    expect(screen.getByText(/This server sees the text/)).toBeInTheDocument();
    await user.click(sealButton());
    expect(await linkOf()).toBe(CREATED.url);
    expect(screen.getByTestId('script')).toHaveTextContent(
      `curl https://burn.example/api/v1/secrets/${CREATED.id}`,
    );
    expect(bodyOf(server)).toEqual({ content: 'x', ttlSeconds: 86_400, maxViews: 1 });
  });

  it('takes a passphrase of 256 characters, counted as the server counts, and refuses one more', async () => {
    const { server, user, field } = await start();
    await user.type(field, 'x');
    await user.click(button('in this browser'));
    await user.click(screen.getByRole('radio', { name: /Encrypted on the server/ }));
    await user.click(button('no passphrase'));
    const passphrase = screen.getByLabelText('Passphrase');
    fireEvent.change(passphrase, { target: { value: '\u{1f511}'.repeat(257) } });
    await user.click(sealButton());
    expect(await screen.findByRole('alert')).toHaveTextContent('At most 256 characters.');
    expect(server.calls(CREATE)).toEqual([]);
    fireEvent.change(passphrase, { target: { value: '\u{1f511}'.repeat(256) } });
    await user.click(sealButton());
    await linkOf();
    expect(bodyOf(server)['passphrase']).toBe('\u{1f511}'.repeat(256));
  });

  it('generates a passphrase and shows it, so that it can be told', async () => {
    const { user, field } = await start();
    await user.type(field, 'x');
    await user.click(button('no passphrase'));
    await user.click(button('Generate one'));
    const made = screen.getByLabelText<HTMLInputElement>('Passphrase');
    expect(made).toHaveAttribute('type', 'text');
    expect(screen.getByText(/^Strong/)).toBeInTheDocument();
    const passphrase = made.value;
    await user.click(sealButton());
    expect(await screen.findByTestId('passphrase')).toHaveTextContent(passphrase);
  });
});

describe('handing over', () => {
  it('shows the link, a QR code and the receipt, each with its receiver', async () => {
    const { user, field } = await start();
    await user.type(field, 'x');
    await user.click(sealButton());
    const link = await linkOf();
    expect(screen.getByRole('heading', { level: 1 })).toHaveFocus();
    await user.click(button('Copy link'));
    expect(await navigator.clipboard.readText()).toBe(link);
    await user.click(button('Show QR code'));
    expect(screen.getByRole('img', { name: 'QR code of the link' })).toBeInTheDocument();
    expect(screen.getByTestId('receipt-link')).toHaveTextContent(CREATED.receiptUrl);
    expect(screen.getByText('For the one person who should read it.')).toBeInTheDocument();
    expect(screen.getByText(/^For you alone/)).toBeInTheDocument();
  });

  it('keeps nothing in the browser', async () => {
    const spy = jest.spyOn(Storage.prototype, 'setItem');
    const { user, field } = await start();
    await user.type(field, 'hunter2');
    await user.click(sealButton());
    await linkOf();
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  });

  it('speaks German', async () => {
    const { user } = await start({}, 'de');
    await user.click(button('Versiegeln'));
    expect(await screen.findByRole('alert')).toHaveTextContent('Es gibt noch nichts zu versiegeln');
    expect(document.documentElement.lang).toBe('de');
    expect(document.title).toBe('Ein Geheimnis übergeben · Burnbag');
  });
});

it('writes a real age file', async () => {
  const { server, user, field } = await start();
  await user.type(field, 'x');
  await user.click(sealButton());
  await linkOf();
  const file = base64.decode(String(bodyOf(server)['content']));
  expect(new TextDecoder().decode(file.subarray(0, 21))).toBe('age-encryption.org/v1');
});
