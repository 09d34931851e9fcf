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
  ...change,
});
const button = (name: string) => screen.findByRole('button', { name });

describe('the receipt', () => {
  it('shows what became of it, and when', async () => {
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
