import { Blob as NodeBlob } from 'node:buffer';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { act, screen, waitFor, within } from '@testing-library/react';
import { HAND_OUT_MS } from '../../lib/files-sink/hand-out';
import { answers, FakeServer } from '../../testing/fake-server';
import { openPage } from '../../testing/open-page';
import { RangeServer } from '../../testing/range-server';
import { pattern } from '../../testing/pattern';
import { type PlainFile, sealedFiles } from '../../testing/sealed-files';
import { SECRET_ID, status } from '../../testing/sealed-secret';

const STATUS = `GET /secrets/${SECRET_ID}/status`;
const REVEAL = `POST /secrets/${SECRET_ID}/reveal`;
const RENEW = `POST /files/${SECRET_ID}/renew`;
const ACKNOWLEDGE = `POST /secrets/${SECRET_ID}/acknowledge`;
const FILES: PlainFile[] = [
  { name: 'plan.pdf', bytes: pattern(70_000, 3) },
  { name: '<b>x</b>\u202efdp.exe', bytes: pattern(10, 5) },
];
const NOTE = 'the-password-is-hunter2';

const button = (name: string | RegExp) => screen.findByRole('button', { name });
const heading2 = (name: string) => screen.findByRole('heading', { level: 2, name });
const heading = (name: RegExp | string) => screen.findByRole('heading', { level: 1, name });

/** Downloads given to the browser. */
const downloads: { name: string; type: string; blob: Blob }[] = [];
const native = { fetch: globalThis.fetch, Blob: globalThis.Blob };

beforeEach(() => {
  downloads.length = 0;
  const blobs = new Map<string, Blob>();
  // jsdom has no fetch, no URLs of blobs, and blobs that cannot be read.
  globalThis.Blob = NodeBlob as unknown as typeof Blob;
  URL.createObjectURL = (blob) => {
    const url = `blob:test/${blobs.size}`;
    blobs.set(url, blob as Blob);
    return url;
  };
  URL.revokeObjectURL = () => undefined;
  jest.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click(
    this: HTMLAnchorElement,
  ) {
    const blob = blobs.get(this.href);
    if (blob) downloads.push({ name: this.download, type: blob.type, blob });
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  Reflect.deleteProperty(globalThis, 'showSaveFilePicker');
  globalThis.fetch = native.fetch;
  globalThis.Blob = native.Blob;
});

interface SceneOptions {
  files?: PlainFile[];
  note?: string;
  viewsLeft?: number;
  leaseMs?: number;
}

async function scene({ files = FILES, note = NOTE, viewsLeft = 0, leaseMs = 600_000 }: SceneOptions = {}) {
  const sealed = await sealedFiles(files, note);
  const counted = { count: files.length, bytes: sealed.bytes };
  const reveal = () =>
    answers.ok({
      content: sealed.content,
      sealed: true,
      viewsLeft,
      files: { ...counted, payloadBytes: sealed.payload.length },
      leaseExpiresAt: new Date(Date.now() + leaseMs).toISOString(),
    });
  const server = new FakeServer()
    .on(STATUS, answers.ok(status({ kind: 'files', size: sealed.bytes, files: counted })))
    .on(REVEAL, reveal)
    .on(ACKNOWLEDGE, answers.done);
  const store = new RangeServer().hold(`/files/${SECRET_ID}`, sealed.payload);
  globalThis.fetch = store.fetch;
  return { ...sealed, server, store, reveal };
}

/** The browser lets the page write to a place that the reader chooses. @param close what closing the file does */
function choosePlaces(close: () => Promise<void> = async () => undefined): void {
  const stream = { write: async () => undefined, close, abort: async () => undefined };
  const pick = async () => ({ createWritable: async () => stream });
  Object.assign(globalThis, { showSaveFilePicker: pick });
}

/** Whether the browser would ask before leaving the page now. */
function asksBeforeLeaving(): boolean {
  const event = new Event('beforeunload', { cancelable: true });
  act(() => void window.dispatchEvent(event));
  return event.defaultPrevented;
}

async function open(options?: SceneOptions) {
  const made = await scene(options);
  const opened = await openPage(made.address, made.server);
  await opened.user.click(await button('Break the seal'));
  await heading(/^The (file|\d+ files)$/);
  return { ...made, ...opened };
}

describe('an envelope with files', () => {
  it('says before it is opened what it contains, and changes nothing', async () => {
    const { server, store, address } = await scene();
    await openPage(address, server);
    expect(await screen.findByText('2 files, 68.4 kB')).toBeInTheDocument();
    expect(server.sent.map(({ method, url }) => `${method} ${url}`)).toEqual([STATUS]);
    expect(store.asked).toEqual([]);
  });

  it('shows the names as what they are, the note masked, and asks for no byte of a file yet', async () => {
    const { store, page, user } = await open();
    const list = await screen.findByRole('list', { name: 'Files' });
    expect(within(list).getByText('plan.pdf')).toBeInTheDocument();
    expect(within(list).getByText('<b>x</b>\ufffdfdp.exe')).toBeInTheDocument();
    expect(page.container.innerHTML).not.toContain('hunter2');
    await user.click(await button('Reveal'));
    expect(screen.getByTestId('plaintext')).toHaveTextContent(NOTE);
    expect(store.asked).toEqual([]);
  });

  it('saves a file bit by bit, under a safe name and as nothing that a browser would show', async () => {
    const { user } = await open();
    await user.click(await button('Save: <b>x</b>\ufffdfdp.exe'));
    await waitFor(() => expect(downloads).toHaveLength(1));
    const [saved] = downloads;
    expect(saved).toMatchObject({ name: 'b_fdp.exe', type: 'application/octet-stream' });
    expect(new Uint8Array((await saved?.blob.arrayBuffer()) ?? new ArrayBuffer())).toEqual(FILES[1]?.bytes);
    // The button that was pressed is still there, and has the focus.
    expect(await button('Save again: <b>x</b>\ufffdfdp.exe')).toHaveFocus();
    expect(HAND_OUT_MS).toBeGreaterThanOrEqual(60_000);
  });

  it('tells the server nothing before the reader says that everything is there, and destroys at once if told', async () => {
    const { user, server, place } = await open();
    await user.click(await button('Save: plan.pdf'));
    await button('Save again: plan.pdf');
    expect(server.calls(ACKNOWLEDGE)).toEqual([]);
    await user.click(await button('Save all as one zip'));
    expect(await heading2('Are they in your folder?')).toBeInTheDocument();
    expect(screen.queryByText('Everything is saved.')).toBeNull();
    expect(screen.queryByText('Saved')).toBeNull();
    expect(downloads.map(({ name }) => name)).toEqual(['plan.pdf', 'burnbag-files.zip']);
    expect(server.calls(ACKNOWLEDGE)).toEqual([]);
    await user.click(await button('Yes, all 2 are there'));
    expect(await screen.findByText('Everything is saved.')).toBeInTheDocument();
    expect(await button('Wait, keep it for now')).toHaveFocus();
    expect(server.calls(ACKNOWLEDGE)).toEqual([]);
    await user.click(await button('Destroy it now'));
    expect(await screen.findByText(/No one can open this link again/)).toBeInTheDocument();
    const claim: unknown = server.calls(REVEAL)[0]?.body['claim'];
    expect(claim).toEqual(expect.any(String));
    expect(server.calls(ACKNOWLEDGE)[0]?.body).toEqual({ claim });
    await waitFor(() => expect(place.address).toBe(`/s/${SECRET_ID}`));
    expect(screen.queryByRole('button', { name: /^Save: / })).toBeNull();
  });

  it('can be given to the reader again after the server has purged it, as long as this page has it', async () => {
    const { user, store } = await open({ files: FILES.slice(0, 1) });
    await user.click(await button('Save: plan.pdf'));
    await user.click(await button('Yes, it is there'));
    await user.click(await button('Destroy it now'));
    await screen.findByText(/No one can open this link again/);
    const asked = store.asked.length;
    await user.click(await button('Save again: plan.pdf'));
    expect(downloads.map(({ name }) => name)).toEqual(['plan.pdf', 'plan.pdf']);
    expect(store.asked).toHaveLength(asked);
  });

  it('is not destroyed when the reader wants to keep it for now', async () => {
    const { user, server } = await open({ files: FILES.slice(0, 1) });
    await user.click(await button('Save: plan.pdf'));
    await user.click(await button('Yes, it is there'));
    await user.click(await button('Wait, keep it for now'));
    expect(screen.queryByText(/destroys its copy in/)).toBeNull();
    expect(server.calls(ACKNOWLEDGE)).toEqual([]);
    expect(await button('I have everything: destroy it now')).toBeInTheDocument();
  });

  it('asks before it destroys what is not saved', async () => {
    const { user, server } = await open();
    await user.click(await button('I have everything: destroy it now'));
    expect(screen.getByText(/2 files are not saved yet/)).toBeInTheDocument();
    expect(await button('Keep it')).toHaveFocus();
    await user.keyboard('{Escape}');
    expect(server.calls(ACKNOWLEDGE)).toEqual([]);
    await user.click(await button('I have everything: destroy it now'));
    await user.click(await button('Destroy it'));
    await waitFor(() => expect(server.calls(ACKNOWLEDGE)).toHaveLength(1));
  });

  it('knows after a reload what was saved, and opens under the same claim', async () => {
    const first = await open();
    await first.user.click(await button('Save: plan.pdf'));
    await button('Save again: plan.pdf');
    first.page.unmount();
    first.server.on(STATUS, answers.ok(status({ kind: 'files', state: 'claimed', viewsLeft: 0 })));
    const again = await openPage(first.address, first.server);
    await again.user.click(await button('Break the seal'));
    expect(await button('Save again: plan.pdf')).toBeInTheDocument();
    const claims = first.server.calls(REVEAL).map(({ body }) => body['claim']);
    expect(claims).toHaveLength(2);
    expect(new Set(claims).size).toBe(1);
  });

  it('warns before leaving with unsaved files, and otherwise not', async () => {
    const { user } = await open();
    expect(asksBeforeLeaving()).toBe(true);
    await user.click(await button('Save all as one zip'));
    await heading2('Are they in your folder?');
    expect(asksBeforeLeaving()).toBe(true);
    await user.click(await button('Yes, all 2 are there'));
    await screen.findByText('Everything is saved.');
    expect(asksBeforeLeaving()).toBe(false);
  });

  it('gives to the browser again what is not in the folder, without the server', async () => {
    const { user, store, server } = await open({ files: FILES.slice(0, 1) });
    await user.click(await button('Save: plan.pdf'));
    expect(await heading2('Is it in your folder?')).toBeInTheDocument();
    expect(await screen.findByText('Given to your browser')).toBeInTheDocument();
    const asked = store.asked.length;
    await user.click(await button('No, save again'));
    expect(downloads.map(({ name }) => name)).toEqual(['plan.pdf', 'plan.pdf']);
    expect(store.asked).toHaveLength(asked);
    expect(await heading2('Is it in your folder?')).toBeInTheDocument();
    expect(server.calls(ACKNOWLEDGE)).toEqual([]);
  });

  it('ends the lease by itself only after files that this page wrote and closed itself', async () => {
    choosePlaces();
    const { user, server } = await open();
    await user.click(screen.getByRole('checkbox', { name: 'Ask where to save each one' }));
    await user.click(await button('Save: plan.pdf'));
    expect(await screen.findByText('Saved')).toBeInTheDocument();
    await user.click(screen.getByRole('checkbox', { name: 'Ask where to save each one' }));
    await user.click(await button('Save: <b>x</b>\ufffdfdp.exe'));
    expect(await heading2('Is it in your folder?')).toBeInTheDocument();
    expect(screen.queryByText(/destroys its copy in/)).toBeNull();
    await user.click(screen.getByRole('checkbox', { name: 'Ask where to save each one' }));
    await user.click(await button('Save again: <b>x</b>\ufffdfdp.exe'));
    expect(await screen.findByText('Everything is saved.')).toBeInTheDocument();
    expect(screen.getByText(/destroys its copy in \d+ seconds/)).toBeInTheDocument();
    expect(server.calls(ACKNOWLEDGE)).toEqual([]);
  });

  it('is not saved when closing the file fails', async () => {
    choosePlaces(() => Promise.reject(new DOMException('full', 'QuotaExceededError')));
    const { user } = await open({ files: FILES.slice(0, 1) });
    await user.click(screen.getByRole('checkbox', { name: 'Ask where to save each one' }));
    await user.click(await button('Save: plan.pdf'));
    expect(await screen.findByRole('alert')).toHaveTextContent('not enough room');
    expect(screen.queryByText('Everything is saved.')).toBeNull();
    expect(asksBeforeLeaving()).toBe(true);
  });

  it('keeps the lease while it asks, and no longer', async () => {
    const { user, server } = await open({ files: FILES.slice(0, 1), leaseMs: 6_000 });
    let renewals = 0;
    server.on(RENEW, () => {
      renewals += 1;
      return answers.ok({ leaseExpiresAt: new Date(Date.now() + 6_000).toISOString() });
    });
    await user.click(await button('Save: plan.pdf'));
    await heading2('Is it in your folder?');
    await waitFor(() => expect(renewals).toBeGreaterThanOrEqual(4));
    const claim: unknown = server.calls(REVEAL)[0]?.body['claim'];
    expect(claim).toEqual(expect.any(String));
    expect(server.calls(RENEW)[0]?.body).toEqual({ claim });
    expect(screen.queryByText(/The time is over/)).toBeNull();
    await user.click(await button('Yes, it is there'));
    await user.click(await button('Wait, keep it for now'));
    const after = renewals;
    await screen.findByText(/The time is over/);
    expect(renewals).toBeLessThanOrEqual(after + 1);
  });

  it('renews nothing while nothing arrives and nothing is asked', async () => {
    const { server } = await open({ leaseMs: 4_000 });
    await screen.findByText(/The time is over/);
    expect(server.calls(RENEW)).toEqual([]);
  });

  it('tries again when a renewal does not get through', async () => {
    const { user, server } = await open({ files: FILES.slice(0, 1), leaseMs: 9_000 });
    const renewed = () => answers.ok({ leaseExpiresAt: new Date(Date.now() + 600_000).toISOString() });
    server.on(RENEW, 'broken', answers.problem(429, 'rate_limited', { retryAfterSeconds: 1 }), renewed);
    await user.click(await button('Save: plan.pdf'));
    await waitFor(() => expect(screen.queryByRole('timer')).toBeNull());
    expect(server.calls(RENEW).length).toBeGreaterThanOrEqual(3);
    expect(await heading2('Is it in your folder?')).toBeInTheDocument();
  });

  it.each([
    [0, /The server has destroyed its copy/],
    [2, /This opening is over. The link opens 2 more times/],
  ])('says it when the server keeps no lease any more, with %s openings left', async (viewsLeft, words) => {
    const { user, server } = await open({ files: FILES.slice(0, 1), leaseMs: 6_000, viewsLeft });
    server.on(RENEW, answers.problem(410, 'lease_ended'));
    await user.click(await button('Save: plan.pdf'));
    expect(await screen.findByRole('alert')).toHaveTextContent(words);
    // From this device, as long as it has it.
    expect(await button('Save again: plan.pdf')).toBeInTheDocument();
  });

  it('offers more time before the end, and says when there is none left', async () => {
    const { user, server } = await open({ leaseMs: 100_000 });
    expect(screen.getByRole('timer')).toHaveTextContent(/^1:\d\d$/);
    server.on(RENEW, answers.ok({ leaseExpiresAt: new Date(Date.now() + 900_000).toISOString() }));
    await user.click(await button('Ask for more time'));
    await waitFor(() => expect(screen.queryByRole('timer')).toBeNull());
  });

  it('says it when the server has nothing more, and offers nothing that cannot work', async () => {
    const { user, store } = await open();
    store.mishaps.push({ status: 410, code: 'secret_gone', more: { reason: 'viewed' } });
    await user.click(await button('Save: plan.pdf'));
    expect(await screen.findByRole('alert')).toHaveTextContent('The server has destroyed its copy');
    expect(screen.queryByRole('button', { name: /^(Save|Try again)/ })).toBeNull();
    expect(downloads).toEqual([]);
  });

  it('says that a file arrived damaged, and saves nothing of it', async () => {
    const { user, payload } = await open();
    payload[70_000] = (payload[70_000] ?? 0) ^ 1;
    await user.click(await button('Save: plan.pdf'));
    expect(await screen.findByRole('alert')).toHaveTextContent('It arrived damaged, so it was not saved');
    expect(downloads).toEqual([]);
    expect(await button('Try again: plan.pdf')).toBeInTheDocument();
  });

  it('that opens more than once ends this opening only', async () => {
    const { user } = await open({ viewsLeft: 2 });
    await user.click(await button('Save all as one zip'));
    await user.click(await button('Yes, all 2 are there'));
    await user.click(await button('End it now'));
    expect(await screen.findByText('This link opens 2 more times.')).toBeInTheDocument();
    expect(screen.queryByText(/No one can open this link again/)).toBeNull();
  });
});

describe('a list of files that is not one', () => {
  it.each([
    ['no JSON', 'nonsense'],
    ['no files', '{"files":[]}'],
    ['a size that is none', '{"files":[{"name":"a","size":-1}]}'],
    ['a name that is none', '{"files":[{"name":7,"size":1}]}'],
  ])('has a page of its own: %s', async (_name, content) => {
    const files = { count: 1, bytes: 1, payloadBytes: 1 };
    const server = new FakeServer()
      .on(STATUS, answers.ok(status({ kind: 'files', sealed: false, files })))
      .on(REVEAL, answers.ok({ content, sealed: false, viewsLeft: 0, files }));
    const { user } = await openPage(`/s/${SECRET_ID}`, server);
    await user.click(await button('Break the seal'));
    expect(await heading('The list of the files does not open')).toHaveFocus();
    expect(server.calls(ACKNOWLEDGE)).toEqual([]);
  });
});
