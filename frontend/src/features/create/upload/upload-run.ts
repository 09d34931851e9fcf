import { sealedUrl } from '@burnbag/contract';
import { FileChangedError, FileUnreadableError } from '../../../lib/files/checked-blob';
import { createTransferRate } from '../../../lib/files/transfer-rate';
import type { ApiClient } from '../../../lib/api/client';
import { ApiError, problemOf } from '../../../lib/api/problem';
import { formatLinkKey } from '../../../lib/seal/link-key';
import { completeUpload, discardUpload, fileCommand } from '../api/complete-upload';
import type { Draft, HandedOver } from '../create.model';
import { totalBytes } from '../manifest';
import { type PendingUpload, pendingUpload } from './pending-upload';
import { PieceSize } from './piece-size';
import { CancelledError, RetryingTask } from './retrying-task';
import { transfer } from './transfer';
import { fromPending, type Payload, payloadOf, planUpload, toPending, type UploadPlan } from './upload-plan';
import type { Moved, UploadOutcome, UploadProblem, UploadRun, UploadState } from './upload-state';

/** A new upload, or one that a reload interrupted; then with the same files in the same order. */
export type UploadSource =
  | { readonly kind: 'new'; readonly draft: Draft }
  | { readonly kind: 'again'; readonly pending: PendingUpload; readonly files: readonly File[] };

/** How often everything is sent before an upload that the server keeps losing fails. */
const MOST_ROUNDS = 3;

/** Answers to the completion after which something must be sent again. */
const NOT_THERE: ReadonlySet<string> = new Set(['upload_not_found', 'upload_incomplete']);

/** The server does not have all of it, although all of it was sent. */
class NotThereError extends Error {
  override readonly name = 'NotThereError';
}

function uploadProblemOf(error: unknown): UploadProblem {
  if (error instanceof FileChangedError) return { code: 'file_changed' };
  if (error instanceof FileUnreadableError) return { code: 'file_unreadable' };
  if (error instanceof NotThereError) return { code: 'upload_not_found' };
  return problemOf(error);
}

/** Uploads files with retries, and makes the link. Reports every change to `onState`. */
export function runUpload(
  api: ApiClient,
  source: UploadSource,
  onState: (state: UploadState) => void,
): UploadRun {
  const rate = createTransferRate();
  let doing: 'comparing' | 'sending' | 'completing' = 'sending';
  let total = 0;
  let share = 0;
  let arrived = 0;
  const pieces = new PieceSize();
  let uploadId: string | undefined;
  let isOver = false;

  const moved = (): Moved => {
    const sent = Math.round(total * share);
    return { sent, total, share, speed: rate.speed(), secondsLeft: rate.secondsFor(total - sent) };
  };
  const steady = new RetryingTask(
    {
      onWorking: () => {
        rate.restart();
        onState(doing === 'comparing' ? { step: doing, progress: 0 } : { step: doing, moved: moved() });
      },
      onPaused: () => onState({ step: 'paused', moved: moved() }),
      onWaiting: (problem, retryAt) => onState({ step: 'waiting', moved: moved(), problem, retryAt }),
      onStuck: (problem) => onState({ step: 'stuck', moved: moved(), problem }),
    },
    Date.now,
  );

  /** Stores the state for a reload, once the server has a part of it. */
  function keep(plan: UploadPlan, payloadBytes: number): void {
    if (isOver || uploadId === undefined) return;
    pendingUpload.save(toPending(plan, { uploadId, arrived, payloadBytes }));
  }

  /** Permanently: a part that is read ahead may arrive only now, and would store it again. */
  function forgetPending(): void {
    isOver = true;
    pendingUpload.clear();
  }

  async function send(plan: UploadPlan, payload: Payload): Promise<void> {
    doing = 'sending';
    // A part must not be sent before its hash is stored: after a reload other bytes might follow under its
    // nonces.
    const slice: Payload['slice'] = async (start, end) => {
      const part = await payload.slice(start, end);
      keep(plan, payload.size);
      return part;
    };
    await steady.run((signal, gotOn) =>
      transfer(
        api,
        { ...payload, slice },
        uploadId,
        pieces,
        {
          onUploadId: (id) => {
            if (id !== uploadId) arrived = 0;
            uploadId = id;
            keep(plan, payload.size);
          },
          onSent: (bytes) => {
            share = payload.size === 0 ? 1 : bytes / payload.size;
            rate.note(Math.round(total * share), performance.now());
            if (!signal.aborted) onState({ step: 'sending', moved: moved() });
          },
          onArrived: (bytes) => {
            if (bytes > arrived) gotOn();
            arrived = bytes;
            keep(plan, payload.size);
          },
        },
        signal,
      ),
    );
    arrived = payload.size;
    keep(plan, payload.size);
  }

  async function complete(plan: UploadPlan): Promise<HandedOver> {
    doing = 'completing';
    share = 1;
    const { files, sealed, passphrase, maxViews, completion } = plan;
    const recipients = (completion['recipients'] as string[] | undefined) ?? [];
    const scripted = !sealed && recipients.length === 0;
    const answer = await steady.run((signal) =>
      completeUpload(api, uploadId ?? '', completion, signal).catch((error: unknown) => {
        const missing = error instanceof ApiError && NOT_THERE.has(error.problem.code);
        throw missing ? new NotThereError('not all of it is there', { cause: error }) : error;
      }),
    );
    return {
      link: sealed ? sealedUrl(answer.url, formatLinkKey(sealed.linkKey)) : answer.url,
      receiptLink: answer.receiptUrl,
      expiresAt: answer.expiresAt,
      maxViews,
      passphrase,
      recipients,
      sealed: sealed !== undefined,
      files: { count: files.length, bytes: totalBytes(files) },
      ...(scripted ? { command: fileCommand(answer.url, passphrase !== '') } : {}),
    };
  }

  /** @returns no payload when everything has arrived already */
  async function prepare(): Promise<{ plan: UploadPlan; payload?: Payload }> {
    if (source.kind === 'new') {
      onState({ step: 'preparing' });
      const plan = await planUpload(source.draft, (progress) => onState({ step: 'preparing', progress }));
      return { plan, payload: payloadOf(plan, source.draft.files) };
    }
    const { pending, files } = source;
    const plan = fromPending(pending);
    ({ uploadId, arrived } = pending);
    share = pending.payloadBytes === 0 ? 1 : pending.arrived / pending.payloadBytes;
    // Everything has arrived: the files themselves are not needed any more.
    if (pending.arrived === pending.payloadBytes) return { plan };
    const payload = payloadOf(plan, files);
    doing = 'comparing';
    const compare = (signal: AbortSignal) =>
      payload.verify((progress) => onState({ step: 'comparing', progress }), signal);
    await steady.run(compare);
    return { plan, payload };
  }

  async function sendAndComplete(plan: UploadPlan, payload: Payload | undefined): Promise<HandedOver> {
    for (let round = 1; ; round += 1) {
      if (payload) await send(plan, payload);
      try {
        return await complete(plan);
      } catch (error) {
        if (!(error instanceof NotThereError) || !payload || round === MOST_ROUNDS) throw error;
      }
    }
  }

  async function work(): Promise<UploadOutcome> {
    try {
      const { plan, payload } = await prepare();
      total = totalBytes(plan.files);
      const result = await sendAndComplete(plan, payload);
      forgetPending();
      return { kind: 'handedOver', result };
    } catch (error) {
      return ending(error);
    }
  }

  /** Wrong files can be chosen again; every other error ends the upload. */
  async function ending(error: unknown): Promise<UploadOutcome> {
    const problem = uploadProblemOf(error);
    const anotherTry = source.kind === 'again' && /^file_(changed|unreadable)$/.test(problem.code);
    if (!anotherTry) await forget();
    return error instanceof CancelledError ? { kind: 'cancelled' } : { kind: 'failed', problem };
  }

  async function forget(): Promise<void> {
    forgetPending();
    if (uploadId === undefined) return;
    // If this request is lost, the server deletes the upload after a while.
    await discardUpload(api, uploadId).catch(() => undefined);
  }

  return {
    outcome: work(),
    pause: () => steady.pause(),
    resume: () => steady.resume(),
    cancel: () => steady.cancel(),
  };
}
