import { describe, expect, it } from '@jest/globals';
import { screen, within } from '@testing-library/react';
import { answers, FakeServer } from '../../testing/fake-server';
import { openPage } from '../../testing/open-page';
import { alice, root, session } from '../../testing/people';

const REF = '9f2c1ab47d3e5f60718293a4b5c6d7e8';
const at = '2026-11-20T10:00:00.000Z';
const later = () => new Date(Date.now() + 600_000).toISOString();
const none = { created: 0, viewed: 0, burned: 0, expired: 0, locked: 0, failedAttempts: 0, rateLimited: 0 };
const overview = (range: string) => ({
  asOf: at,
  range,
  liveNow: 3,
  total: none,
  spans: [
    { ...none, start: '2026-11-20T09:00:00.000Z', created: 4 },
    { ...none, start: at, created: 2, locked: 1 },
  ],
});
const secret = (change: object = {}) => ({
  ref: REF,
  kind: 'text',
  size: 300,
  creator: 'alice@corp.example',
  createdAt: at,
  expiresAt: later(),
  sealed: true,
  passphraseRequired: false,
  recipientsOnly: false,
  maxViews: 3,
  views: 1,
  failedAttempts: 0,
  lockedUntil: null,
  ...change,
});
const admin = () => new FakeServer().on('GET /auth/session', answers.ok(session(root)));
const heading = (name: string) => screen.findByRole('heading', { level: 1, name });
const secrets = (rows: object[], nextCursor: string | null = null) =>
  answers.ok({ secrets: rows, nextCursor });

describe('the administration', () => {
  it('is a clear page for other people, without a request', async () => {
    const server = new FakeServer().on('GET /auth/session', answers.ok(session(alice)));
    await openPage('/admin', server);
    expect(await heading('This page is for administrators')).toHaveFocus();
    expect(server.sent).toHaveLength(1);
  });

  it('has a page for an unknown part', async () => {
    await openPage('/admin/nothing', admin());
    expect(await heading('There is no such page')).toHaveFocus();
  });

  it('shows what happened as charts and as a table, over the time that is chosen', async () => {
    const server = admin().on('GET /admin/overview', ({ query }) =>
      answers.ok(overview(String(query['range']))),
    );
    const { user } = await openPage('/admin', server);
    await heading('Overview');
    expect(screen.getByText('secrets wait to be opened')).toHaveTextContent(/^3 /);
    expect(screen.getByRole('img', { name: /^Handed over: 6 times/ })).toBeInTheDocument();
    expect(screen.getByRole('img', { name: /^Locked: once/ })).toBeInTheDocument();
    const table = within(screen.getByRole('table', { hidden: true }));
    const [, newest] = table.getAllByRole('row', { hidden: true });
    expect([...(newest?.children ?? [])].slice(1).map(({ textContent }) => textContent)).toEqual(
      '2 0 0 0 1 0'.split(' '),
    );
    await user.click(screen.getByRole('radio', { name: '7 days' }));
    expect(server.calls('GET /admin/overview').at(-1)?.query).toEqual({ range: 'week' });
  });

  it('says when a request failed, and offers to continue', async () => {
    const server = admin().on(
      'GET /admin/overview',
      answers.ok(overview('day')),
      'broken',
      answers.ok(overview('month')),
    );
    const { user } = await openPage('/admin', server);
    await heading('Overview');
    await user.click(screen.getByRole('radio', { name: '31 days' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Check the connection');
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('img', { name: /^Handed over/ })).toBeInTheDocument();
    expect(screen.getByRole('radio', { name: '31 days' })).toBeChecked();
  });

  it('burns a secret after a question, and names it by its number only', async () => {
    const server = admin()
      .on('GET /admin/secrets', secrets([secret()]), secrets([]))
      .on(`POST /admin/secrets/${REF}/burn`, answers.done);
    const { user } = await openPage('/admin/secrets', server);
    await heading('Live secrets');
    const row = within(screen.getByRole('row', { name: /alice@corp/ }));
    expect(row.getByRole('cell', { name: '1 of 3' })).toBeInTheDocument();
    expect(row.queryByRole('button', { name: /Unlock/ })).toBeNull();
    await user.click(row.getByRole('button', { name: `Burn ${REF}` }));
    expect(server.calls(`POST /admin/secrets/${REF}/burn`)).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Burn' }));
    expect(await screen.findByText('It is burned.')).toBeInTheDocument();
    expect(await screen.findByText('No secret waits to be opened.')).toBeInTheDocument();
    expect(server.calls(`POST /admin/secrets/${REF}/burn`)[0]?.fromPortal).toBe(true);
  });

  it('offers to unlock a locked secret, and says when that was over before', async () => {
    const server = admin()
      .on('GET /admin/secrets', secrets([secret({ lockedUntil: later(), failedAttempts: 5 })]))
      .on(`POST /admin/secrets/${REF}/unlock`, answers.problem(410, 'secret_gone'));
    const { user } = await openPage('/admin/secrets', server);
    expect(await screen.findByText('5, locked for 10 min')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: `Unlock ${REF}` }));
    await user.click(screen.getByRole('button', { name: 'Unlock' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('It was over already.');
  });

  it('pages through a long list and back', async () => {
    const server = admin().on('GET /admin/secrets', ({ query }) =>
      query['cursor'] === undefined
        ? secrets([secret({ creator: 'first' })], 'c1')
        : secrets([secret({ creator: 'second' })]),
    );
    const { user } = await openPage('/admin/secrets', server);
    await user.click(await screen.findByRole('button', { name: 'Next' }));
    expect(await screen.findByText('second')).toBeInTheDocument();
    expect(screen.getByText('Page 2')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Back' }));
    expect(await screen.findByText('first')).toBeInTheDocument();
  });

  it('searches the trail by the URL, and exports the same', async () => {
    const event = {
      id: '7',
      ref: REF,
      action: 'attempt_failed',
      actor: 'alice@corp.example',
      ipAddress: '203.0.113.0',
      userAgent: 'curl/8',
      createdAt: at,
      extra: { attemptsLeft: 2 },
      bucket: 1,
      sequence: 9,
    };
    const server = admin().on('GET /admin/audit', answers.ok({ events: [event], nextCursor: null }));
    const { user, place } = await openPage(`/admin/audit?ref=${REF}`, server);
    await heading('Audit trail');
    expect(screen.getByRole('cell', { name: 'attemptsLeft=2 · curl/8' })).toBeInTheDocument();
    expect(screen.getByRole('textbox', { name: 'Number' })).toHaveValue(REF);
    await user.type(screen.getByRole('textbox', { name: 'Who' }), 'alice@corp.example');
    await user.selectOptions(screen.getByRole('combobox', { name: 'What' }), 'Wrong try');
    await user.click(screen.getByRole('button', { name: 'Search' }));
    const found = { ref: REF, actor: 'alice@corp.example', action: 'attempt_failed' };
    expect(server.calls('GET /admin/audit').at(-1)?.query).toEqual(found);
    expect(Object.fromEntries(new URLSearchParams(place.address.split('?')[1]))).toEqual(found);
    const csv = await screen.findByRole('link', { name: 'Save as CSV' });
    expect(csv).toHaveAttribute('href', expect.stringContaining('format=csv&ref=9f2c'));
    await user.click(screen.getByRole('button', { name: 'Show all' }));
    expect(place.address).toBe('/admin/audit');
  });

  it('shows what is wrong with the trail, and verifies again', async () => {
    const system = {
      version: '0.1.0',
      outbox: { waiting: 0, max: 10, oldestAgeSeconds: null },
      database: { engine: 'pglite', reachable: true },
      redis: { reachable: true, version: '7.0.15', usedMemoryBytes: 1_048_576 },
      files: { store: 'disk', bytesStored: 0, quotaBytes: 0 },
      keyring: [{ id: 1, state: 'primary' }],
      chain: { setAsideEvents: 0, lastVerification: { at, events: 1, intact: true, finding: null } },
    };
    const server = admin()
      .on('GET /admin/system', answers.ok(system), 'broken')
      .on('POST /admin/audit/verify', answers.ok({ at, events: 2, intact: false, finding: 'bucket 3' }));
    const { user } = await openPage('/admin/system', server);
    expect(await screen.findByText('The trail is intact.')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Verify now' }));
    expect(await screen.findByText('The trail was changed.')).toBeInTheDocument();
    expect(screen.getByText('bucket 3')).toBeInTheDocument();
    // Known data stays when the next request fails.
    expect(await screen.findByRole('alert')).toHaveTextContent('What is shown here is older');
    expect(screen.getByText('7.0.15')).toBeInTheDocument();
  });

  it('ends a session, and marks the own one', async () => {
    const row = {
      handle: root.sessionId,
      subject: 'root',
      isAdmin: true,
      via: 'local',
      createdAt: at,
      seenAt: at,
    };
    const server = admin()
      .on('GET /admin/sessions', answers.ok({ sessions: [{ ...row, endsAt: at }] }))
      .on(`DELETE /admin/sessions/${root.sessionId}`, answers.done);
    const { user } = await openPage('/admin/sessions', server);
    expect(await screen.findByRole('cell', { name: 'root (you)' })).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'End root' }));
    await user.click(screen.getByRole('button', { name: 'End' }));
    expect(await screen.findByText('The session is over.')).toBeInTheDocument();
  });
});
