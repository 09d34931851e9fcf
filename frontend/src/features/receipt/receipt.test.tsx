import { describe, expect, it } from '@jest/globals';
import { screen } from '@testing-library/react';
import { answers, FakeServer } from '../../testing/fake-server';
import { openPage } from '../../testing/open-page';

const TOKEN = 'T'.repeat(60);
const LOOK = `GET /receipts/${TOKEN}`;
const BURN = `DELETE /receipts/${TOKEN}`;
const created = '2026-11-21T10:00:00.000Z';
const receipt = (change: object = {}) => ({
  ref: '9f2c1ab47d3e5f60718293a4b5c6d7e8',
  state: 'live',
  createdAt: created,
  expiresAt: '2026-11-22T10:00:00.000Z',
  size: 300,
  sealed: true,
  passphraseRequired: false,
  viewsLeft: 1,
  maxViews: 1,
  timeline: [{ action: 'created', at: created }],
  timelineComplete: true,
  ...change,
});
const button = (name: string) => screen.findByRole('button', { name });

describe('the receipt', () => {
  it('shows its state and time', async () => {
    const timeline = [
      { action: 'created', at: created },
      { action: 'viewed', at: '2026-11-21T11:30:00.000Z' },
    ];
    const server = new FakeServer().on(
      LOOK,
      answers.ok(receipt({ state: 'viewed', endedAt: timeline[1]?.at, timeline })),
    );
    await openPage(`/r#${TOKEN}`, server);
    expect(await screen.findByTestId('state')).toHaveTextContent('Opened');
    const happened = await screen.findByRole('list', { name: 'What happened' });
    expect(happened.children).toHaveLength(2);
    expect(screen.queryByRole('button', { name: 'Burn it now' })).toBeNull();
  });

  it('shows who opened it, and that another person tried, for named recipients', async () => {
    const at = (minute: number) => `2026-11-21T11:${minute}:00.000Z`;
    const timeline = [
      { action: 'created', at: created },
      { action: 'attempt_failed', at: at(10), reason: 'not_recipient' },
      { action: 'attempt_failed', at: at(11), reason: 'not_recipient' },
      { action: 'attempt_failed', at: at(12), attemptsLeft: 4 },
      { action: 'viewed', at: at(30), viewsLeft: 1, reader: 'alice@corp.example' },
      { action: 'burned', at: at(40), by: 'reader', reader: 'bob@corp.example' },
    ];
    const change = { recipientsOnly: true, passphraseRequired: true, timeline };
    await openPage(`/r#${TOKEN}`, new FakeServer().on(LOOK, answers.ok(receipt(change))));
    const happened = await screen.findByRole('list', { name: 'What happened' });
    const lines = [...happened.children].map((line) => line.querySelector('span')?.textContent);
    expect(lines).toEqual([
      'Handed over',
      'Another person tried 2 times to open it, and got nothing',
      'Wrong passphrase, 4 tries left',
      'Opened by alice@corp.example; it opens one more time',
      'Burned by bob@corp.example',
    ]);
    expect(screen.getByText('only the people you named')).toBeInTheDocument();
  });

  it('counts files, and says that they are being saved', async () => {
    const files = { kind: 'files', files: { count: 3, bytes: 13_002_342 }, size: 13_002_342 };
    const server = new FakeServer().on(LOOK, answers.ok(receipt({ ...files, state: 'claimed' })));
    await openPage(`/r#${TOKEN}`, server);
    expect(await screen.findByText('3 files, 12.4 MB')).toBeInTheDocument();
    expect(screen.getByText(/A reader is saving the files/)).toBeInTheDocument();
    expect(screen.queryByText('Size')).toBeNull();
  });

  const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
  const at = (minute: number) => `2026-11-21T11:${minute}:00.000Z`;
  const failed = (minute: number, attemptsLeft: number, more: object = {}) => ({
    action: 'attempt_failed',
    at: at(minute),
    attemptsLeft,
    userAgent: FIREFOX,
    ...more,
  });

  /** The lines of the timeline, without their times. */
  async function linesOf(timeline: object[], change: object = {}) {
    const server = new FakeServer().on(LOOK, answers.ok(receipt({ timeline, ...change })));
    await openPage(`/r#${TOKEN}`, server);
    const list = await screen.findByRole('list', { name: 'What happened' });
    return [...list.children].map((line) =>
      [...line.querySelectorAll('span, small')].map(({ textContent }) => textContent).join(' | '),
    );
  }

  it('tells every event in words, and whose device it was', async () => {
    const reader = { userAgent: FIREFOX, ipAddress: '203.0.113.0' };
    const lines = await linesOf([
      { action: 'created', at: created, ...reader },
      { action: 'viewed', at: at(10), viewsLeft: 1, ...reader },
      { action: 'view_retried', at: at(11), ...reader },
      { action: 'acknowledged', at: at(12), ...reader },
      { action: 'viewed', at: at(13), viewsLeft: 0, userAgent: 'curl/8.5.0' },
      { action: 'burned', at: at(14), by: 'reader', ...reader },
      { action: 'burned', at: at(15), by: 'sender', userAgent: 'curl/8.5.0' },
      { action: 'expired', at: at(16) },
    ]);
    expect(lines).toEqual([
      'Handed over',
      'Opened; it opens one more time | Firefox, Linux, 203.0.113.0',
      'Fetched again by the same reader',
      'Reader confirmed',
      'Opened | curl/8.5.0',
      'Burned by the reader | Firefox, Linux, 203.0.113.0',
      'Burned by the sender',
      'Expired',
    ]);
  });

  it('folds wrong passphrases in a row, but not those of another device', async () => {
    const attempts = [
      failed(10, 4),
      failed(11, 3),
      failed(12, 2),
      failed(13, 1, { userAgent: 'curl/8.5.0' }),
      failed(14, 0, { userAgent: 'curl/8.5.0' }),
      { action: 'locked', at: at(14), until: '2026-11-21T11:29:00.000Z' },
    ];
    const lines = await linesOf(attempts, { passphraseRequired: true });
    expect(lines).toEqual([
      '3 wrong passphrases, 2 tries left | Firefox, Linux',
      '2 wrong passphrases | curl/8.5.0',
      expect.stringMatching(/^Locked until Nov 21, 2026/),
    ]);
    expect(screen.getAllByText(/–/)).toHaveLength(2);
  });

  it('does not speak of a passphrase where there is none', async () => {
    const key = await linesOf([failed(10, 4)]);
    expect(key[0]).toMatch(/^Tried with a wrong key, 4 tries left/);
  });

  it('says that it expired unread only where the record is whole', async () => {
    expect(await linesOf([{ action: 'expired', at: at(10) }])).toEqual(['Expired unread']);
    expect(screen.queryByText(/full record/)).toBeNull();
  });

  it('notes calmly that the record is not whole', async () => {
    expect(await linesOf([{ action: 'expired', at: at(10) }], { timelineComplete: false })).toEqual([
      'Expired',
    ]);
    expect(screen.getByText(/The full record cannot be read at the moment/)).toBeInTheDocument();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('burns only after it was asked again', async () => {
    const server = new FakeServer()
      .on(LOOK, answers.ok(receipt()), answers.ok(receipt({ state: 'burned' })))
      .on(BURN, answers.done);
    const { user } = await openPage(`/r#${TOKEN}`, server);
    await user.click(await button('Burn it now'));
    expect(server.calls(BURN)).toEqual([]);
    expect(await button('Keep it')).toHaveFocus();
    await user.click(await button('Burn'));
    expect(await screen.findByText('Burned', { selector: 'p' })).toBeInTheDocument();
    expect(server.calls(BURN)).toHaveLength(1);
  });

  it('says so when burning did not work, and stays burnable', async () => {
    const server = new FakeServer().on(LOOK, answers.ok(receipt())).on(BURN, 'broken');
    const { user } = await openPage(`/r#${TOKEN}`, server);
    await user.click(await button('Burn it now'));
    await user.click(await button('Burn'));
    expect(await screen.findByRole('alert')).toHaveTextContent('Burning it did not work');
    expect(await button('Burn')).toBeInTheDocument();
  });

  it('looks again when it is asked to, and keeps what it knew when that fails', async () => {
    const server = new FakeServer().on(LOOK, answers.ok(receipt()), 'broken');
    const { user } = await openPage(`/r#${TOKEN}`, server);
    await user.click(await button('Refresh'));
    expect(await screen.findByRole('alert')).toHaveTextContent('older');
    expect(screen.getByTestId('state')).toHaveTextContent('Waiting to be opened');
  });

  it.each(['', '#short', '#with space in it, and long enough'])(
    'asks nothing for a broken link: "%s"',
    async (end) => {
      const server = new FakeServer();
      await openPage(`/r${end}`, server);
      expect(await screen.findByRole('heading', { name: 'This receipt link is not complete' })).toHaveFocus();
      expect(server.sent).toEqual([]);
    },
  );

  it.each([
    [answers.problem(404, 'receipt_invalid'), 'This receipt link is not complete'],
    [answers.problem(503, 'store_unavailable'), 'The server cannot answer right now'],
    [answers.problem(429, 'rate_limited'), 'Too many requests from here'],
    ['broken' as const, 'The connection broke'],
  ])('has a page for each kind of bad news: %j', async (answer, heading) => {
    await openPage(`/r#${TOKEN}`, new FakeServer().on(LOOK, answer));
    expect(await screen.findByRole('heading', { name: heading })).toHaveFocus();
  });
});
