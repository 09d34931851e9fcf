import { CryptoError } from '../crypto/crypto.errors.js';
import { kekIdOf, rewrapEnvelope } from '../crypto/envelope/envelope.js';
import type { Keyring } from '../crypto/keyring/keyring.js';
import type { RandomSource } from '../crypto/random-source.port.js';
import type { WrappedRecord, WrappedRecords } from './wrapped-records.port.js';

/** Few enough that requests wait a millisecond or two at most, enough that one disk write serves many. */
const BATCH = 100;

/** Records by the key that wraps them. */
export interface Tally {
  readonly secrets: ReadonlyMap<number, number>;
  readonly uploads: ReadonlyMap<number, number>;
}

export interface RewrapReport {
  /** Wrapped by the primary now. */
  readonly rewrapped: number;
  /** Under the primary already. */
  readonly already: number;
  /** Ended between the scan and the change, or rewrapped by another process. */
  readonly passed: number;
  /** References (hex) of records that their key does not open, or that need a key which is not held. */
  readonly unreadable: readonly string[];
}

/** @returns undefined for an unknown version of the envelope, which no key of ours opens */
function keyOf(envelope: Buffer): number | undefined {
  try {
    return kekIdOf(envelope);
  } catch (error) {
    if (error instanceof CryptoError) return undefined;
    throw error;
  }
}

/** @returns how many of the records are under each key @throws ClusterMovingError */
export async function tally(records: WrappedRecords): Promise<Tally> {
  const counts = { secrets: new Map<number, number>(), uploads: new Map<number, number>() };
  for await (const page of records.pages()) {
    for (const { kind, envelope } of page) {
      const id = keyOf(envelope);
      if (id === undefined) continue;
      const byKey = kind === 'secret' ? counts.secrets : counts.uploads;
      byKey.set(id, (byKey.get(id) ?? 0) + 1);
    }
  }
  return counts;
}

/** Of a tally: how many records need a key. */
export function needing({ secrets, uploads }: Tally, keyId: number): number {
  return (secrets.get(keyId) ?? 0) + (uploads.get(keyId) ?? 0);
}

/**
 * Rewraps the data key of every record under the primary key. May be interrupted at any moment: the next run
 * finds the rest.
 */
export class Rewrap {
  constructor(
    private readonly records: WrappedRecords,
    private readonly keyring: Keyring,
    private readonly random: RandomSource,
  ) {}

  /** @param progress called with the number of rewrapped records so far @throws ClusterMovingError */
  async run(progress: (rewrapped: number) => void): Promise<RewrapReport> {
    const report = { rewrapped: 0, already: 0, passed: 0, unreadable: [] as string[] };
    for await (const page of this.records.pages()) {
      for (let from = 0; from < page.length; from += BATCH) {
        const results = await Promise.all(page.slice(from, from + BATCH).map((record) => this.one(record)));
        for (const result of results) {
          if (typeof result === 'string') report[result] += 1;
          else report.unreadable.push(result.unreadable);
        }
        progress(report.rewrapped);
      }
    }
    return report;
  }

  private async one(
    record: WrappedRecord,
  ): Promise<'rewrapped' | 'already' | 'passed' | { unreadable: string }> {
    if (keyOf(record.envelope) === this.keyring.primary.id) return 'already';
    const unreadable = record.ref.toString('hex');
    let envelope: Buffer;
    try {
      envelope = rewrapEnvelope(this.keyring, this.random, record.envelope, record);
    } catch (error) {
      if (error instanceof CryptoError) return { unreadable };
      throw error;
    }
    const result = await this.records.swap(record, envelope);
    if (result === 'damaged') return { unreadable };
    return result === 'done' ? 'rewrapped' : 'passed';
  }
}
