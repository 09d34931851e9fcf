import type { Queries } from '../../database/database.port.js';
import type { ChainHead } from '../chain/audit-chain.js';
import { idOf, isSame } from '../chain/audit-chain.js';
import { eventCount, finding, millisOf, printable, type Finding } from './chain-finding.js';
import { claimedPlace, placeOf, type Place, type RowHashes } from '../chain/chain-row.js';
import { eventsAfter, eventsClaiming, type StoredEvent } from '../chain/chain.repository.js';

/** How far the chain of a bucket was verified. */
export interface Walk {
  readonly head: ChainHead;
  /** The next sequence. */
  expected: number;
  /** The hash before it. */
  previous: Buffer;
  /** created_at of the last valid row, in microseconds. */
  lastMicros: string | null;
}

export const PAGE = 2_000;

interface Whereabouts {
  /** The current position of the event that belongs here. */
  readonly truth?: Place;
  /** The original position of the contents that lie here. */
  readonly home?: Place;
}

/**
 * Explains a position of the chain that is not valid. May read the whole trail once, for a broken one only.
 */
export class ChainDiagnosis {
  constructor(
    private readonly queries: Queries,
    private readonly hashes: RowHashes,
  ) {}

  /** The row at the next position of the walk is not the one that was written there. */
  async wrongRow(row: StoredEvent, { head, expected, previous }: Walk): Promise<Finding> {
    const place = { bucket: head.bucket, sequence: expected };
    if (this.hashes.fits(row, place, previous, row.hash)) return this.movedColumns(row, place, previous);
    const next = await this.rowAt({ ...place, sequence: expected + 1 });
    const witness = expected === head.sequence ? head.hash : next?.previousHash;
    const rightKey = this.hashes.keyThatFits(row, place, previous, row.hash, witness);
    if (rightKey !== undefined) {
      const column = String(rightKey) === row.keyId ? 'hash' : `key_id (it was ${rightKey})`;
      return finding('changed', place, `its ${column} was changed.`, row);
    }
    const { truth, home } = await this.search(place, previous, witness, row);
    if (home) {
      const sentence = `it holds what belongs to bucket ${home.bucket}, sequence ${home.sequence}.`;
      return finding('reordered', place, sentence, row);
    }
    if (truth) {
      const sentence = `this row was never written by Burnbag; the event that belongs here was moved to sequence ${truth.sequence}.`;
      return finding('inserted', place, sentence, row);
    }
    if (!this.isKeyKnown(row)) return finding('key unknown', place, keySentence(row.keyId), row);
    return finding('changed', place, 'its contents are not those that were written.', row);
  }

  /** No row lies at the positions from the next of the walk up to `until`. */
  async gap({ head, expected, previous, lastMicros }: Walk, until: number): Promise<Finding> {
    const place = { bucket: head.bucket, sequence: expected };
    for (const row of await eventsClaiming(this.queries, place.bucket, place.sequence)) {
      if (this.hashes.fits(row, place, previous, row.hash))
        return finding('changed', place, `its id was changed (to ${row.id}).`, row);
    }
    const next = await this.rowAt({ ...place, sequence: expected + 1 });
    const witness = expected === head.sequence ? head.hash : next?.previousHash;
    const { truth } = await this.search(place, previous, witness);
    if (truth) {
      const sentence = `its event was moved to bucket ${truth.bucket}, sequence ${truth.sequence}.`;
      return finding('reordered', place, sentence);
    }
    const missing = eventCount(until - expected);
    const last = millisOf(lastMicros);
    const after = last === undefined ? '' : ` after ${new Date(last).toISOString()}`;
    if (until <= head.sequence) return finding('removed', place, `${missing} missing from here on${after}.`);
    if (expected === head.floorSequence + 1)
      return finding('removed', place, `all ${missing} of the bucket missing.`);
    return finding('tail cut off', place, `the last ${missing} of the bucket missing${after}.`);
  }

  /** A row whose id is not a position of the trail. */
  stray(row: StoredEvent, floorOf: (bucket: number) => number): Finding {
    const claimed = claimedPlace(row);
    if (claimed && this.hashes.fits(row, claimed, row.previousHash, row.hash)) {
      return claimed.sequence > floorOf(claimed.bucket)
        ? finding('changed', claimed, `its id was changed (to ${row.id}).`, row)
        : finding('inserted', claimed, 'this event was pruned long ago and put back.', row);
    }
    const sentence = `the row with id ${row.id} was never written by Burnbag.`;
    return finding('inserted', claimed ?? placeOf(row.id), sentence, row);
  }

  /** A row after the end that the bucket's head names. */
  beyond(row: StoredEvent, floorOf: (bucket: number) => number): Finding {
    const place = placeOf(row.id);
    if (!this.hashes.fits(row, place, row.previousHash, row.hash)) return this.stray(row, floorOf);
    const sentence = 'this event is genuine, but the signed head ends before it: an older head was put back.';
    return finding('head changed', place, sentence, row);
  }

  private async movedColumns(row: StoredEvent, place: Place, previous: Buffer): Promise<Finding> {
    const claimed = `sequence ${printable(row.sequence ?? 'null')} of bucket ${printable(row.bucket ?? 'null')}`;
    if (row.sequence === String(place.sequence) && row.bucket === String(place.bucket)) {
      const isPrevious = row.previousHash !== null && isSame(row.previousHash, previous);
      return finding(
        'changed',
        place,
        `its ${isPrevious ? 'columns were' : 'previous_hash was'} changed.`,
        row,
      );
    }
    const others = await eventsClaiming(this.queries, place.bucket, place.sequence);
    return others.some(({ id }) => id !== row.id)
      ? finding('reordered', place, `it says to be ${claimed}, and another row takes its place.`, row)
      : finding('changed', place, `its position was changed: its columns name ${claimed}.`, row);
  }

  private async rowAt({ bucket, sequence }: Place): Promise<StoredEvent | undefined> {
    const id = idOf(bucket, sequence);
    return (await eventsAfter(this.queries, String(id - 1), id, 1))[0];
  }

  private isKeyKnown(row: StoredEvent): boolean {
    return this.hashes.keys.keyFor(Number(row.keyId ?? Number.NaN)) !== undefined;
  }

  private async search(
    place: Place,
    previous: Buffer,
    witness: Buffer | null | undefined,
    row?: StoredEvent,
  ): Promise<Whereabouts> {
    let found: Whereabouts = {};
    let after: string | undefined;
    for (;;) {
      const page = await eventsAfter(this.queries, after, Number.MAX_SAFE_INTEGER, PAGE);
      for (const other of page) {
        if (other.id === row?.id) continue;
        const there = placeOf(other.id);
        if (!found.truth && this.belongs(other, place, previous, row, witness))
          found = { ...found, truth: there };
        if (row && !found.home && this.isHome(row, there, other)) found = { ...found, home: there };
        if (found.home || (found.truth && !row)) return found;
      }
      after = page.at(-1)?.id;
      if (after === undefined) return found;
    }
  }

  /**
   * Whether the contents of another row were written at this position. Stream ids may not have moved along.
   */
  private belongs(
    other: StoredEvent,
    place: Place,
    previous: Buffer,
    row: StoredEvent | undefined,
    witness: Buffer | null | undefined,
  ): boolean {
    const targets = [other.hash, witness, row?.hash];
    if (this.hashes.fits(other, place, previous, ...targets)) return true;
    return (
      row !== undefined && this.hashes.fits({ ...other, streamId: row.streamId }, place, previous, ...targets)
    );
  }

  /** Whether the row's contents were written at the position of the other row. */
  private isHome(row: StoredEvent, there: Place, other: StoredEvent): boolean {
    const targets = [other.hash, row.hash];
    return (
      this.hashes.fits(row, there, other.previousHash, ...targets) ||
      this.hashes.fits(row, there, row.previousHash, ...targets) ||
      this.hashes.fits({ ...row, streamId: other.streamId }, there, other.previousHash, ...targets)
    );
  }
}

/** @param keyId as it is stored */
export function keySentence(keyId: string | null): string {
  const name = printable(keyId ?? 'null');
  return `neither BURNBAG_KEYS nor audit_keys has the key ${name}, with which it was signed: it cannot be verified.`;
}
