import { safeFileName } from '@burnbag/contract';
import type { FileSink } from '../../../lib/files-sink/files-sink';
import { savedFiles } from '../api/saved-files';
import type { FileAccess, FileEntry } from '../files.model';
import { type FileSource, sealedSource, serverSource } from './file-source';
import { type Job, Transfer, type TransferState } from './transfer';
import { zipBytes, zipSize } from './zip-bytes';

/** One file by its number, or all of them as one archive. */
export type Item = number | 'zip';

/** Everything that the page shows of the downloads. */
export interface DeskState {
  readonly transfers: ReadonlyMap<Item, TransferState>;
  /** Numbers of the files that are known to be in the reader's folder, in this visit or an earlier one. */
  readonly saved: ReadonlySet<number>;
  /** Numbers of the files given to the browser as downloads: only the reader knows whether they were kept. */
  readonly handed: ReadonlySet<number>;
  /** Milliseconds since 1970 of the last received bytes. They renew the lease. */
  readonly movedAt: number | undefined;
}

/** Opens a sink for a file of that name and size. */
export type OpenSink = (name: string, size: number, place?: FileSystemFileHandle) => Promise<FileSink>;

const ZIP_NAME = 'burnbag-files.zip';

/** The downloads of one secret. */
export class DownloadManager {
  private readonly source: FileSource;
  private readonly running = new Map<Item, Transfer>();
  private readonly listeners = new Set<() => void>();
  private current: DeskState;

  constructor(
    private readonly access: FileAccess,
    private readonly files: readonly FileEntry[],
    private readonly openSink: OpenSink,
  ) {
    const { identity } = access;
    this.source =
      identity === undefined ? serverSource(access, files) : sealedSource({ ...access, identity }, files);
    const known = (kind: 'saved' | 'handed') =>
      new Set(savedFiles.of(kind, access.id).filter((index) => index < files.length));
    this.current = {
      transfers: new Map(),
      saved: known('saved'),
      handed: known('handed'),
      movedAt: undefined,
    };
  }

  /** @returns unsubscribes */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly state = (): DeskState => this.current;

  private change(next: Partial<DeskState>): void {
    this.current = { ...this.current, ...next };
    for (const listener of this.listeners) listener();
  }

  /** The name under which an item is saved. */
  nameOf(item: Item): string {
    return item === 'zip' ? ZIP_NAME : safeFileName(this.files[item]?.name ?? '');
  }

  private jobOf(item: Item, place: FileSystemFileHandle | undefined): Job {
    const total = item === 'zip' ? zipSize(this.files) : (this.files[item]?.size ?? 0);
    return {
      total,
      open: () => this.openSink(this.nameOf(item), total, place),
      read: (control) =>
        item === 'zip'
          ? zipBytes(this.files, this.source.every(control), new Date())
          : this.source.file(item, control),
    };
  }

  /** Begins or restarts a download. @param place the reader's choice, if asked */
  start(item: Item, place?: FileSystemFileHandle): void {
    if (this.running.has(item)) return;
    const transfer = new Transfer(this.jobOf(item, place), (state) => this.note(item, state));
    this.running.set(item, transfer);
    void transfer.run().finally(() => this.running.delete(item));
  }

  private note(item: Item, state: TransferState | undefined): void {
    const transfers = new Map(this.current.transfers);
    const before = transfers.get(item)?.done ?? 0;
    if (state) transfers.set(item, state);
    else transfers.delete(item);
    const moved = state !== undefined && state.done > before;
    this.change({
      transfers,
      ...(state?.phase === 'saved' && this.finished(item, state.confirmed === true)),
      ...(moved && { movedAt: Date.now() }),
    });
  }

  /** @returns the sets after an item is complete; a file that is known to be saved stays so */
  private finished(item: Item, confirmed: boolean): Pick<DeskState, 'saved' | 'handed'> {
    const items = item === 'zip' ? [...this.files.keys()] : [item];
    return confirmed
      ? this.settled(items)
      : this.kept(this.current.saved, [...this.current.handed, ...items]);
  }

  private settled(items: Iterable<number>): Pick<DeskState, 'saved' | 'handed'> {
    return this.kept(new Set([...this.current.saved, ...items]), this.current.handed);
  }

  private kept(saved: ReadonlySet<number>, given: Iterable<number>): Pick<DeskState, 'saved' | 'handed'> {
    const handed = new Set([...given].filter((index) => !saved.has(index)));
    savedFiles.keep('saved', this.access.id, saved);
    savedFiles.keep('handed', this.access.id, handed);
    return { saved, handed };
  }

  /** The reader confirms that all downloads were saved. */
  confirm = (): void => this.change(this.settled(this.current.handed));

  /**
   * Gives unconfirmed files to the browser again: from this device if it still has them, else from the
   * server.
   */
  handAgain = (): void => {
    const { transfers, handed } = this.current;
    if (transfers.get('zip')?.again?.()) return;
    for (const index of handed) if (!transfers.get(index)?.again?.()) this.start(index);
  };

  pause = (item: Item): void => this.running.get(item)?.control.pause();
  resume = (item: Item): void => this.running.get(item)?.control.resume();
  cancel = (item: Item): void => this.running.get(item)?.control.cancel();

  /** Cancels all downloads: the page is closed. */
  close(): void {
    for (const { control } of this.running.values()) control.cancel();
  }
}
