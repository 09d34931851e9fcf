import type { StoredEvent } from '../chain/chain.repository.js';
import type { Place } from '../chain/chain-row.js';

/** Kinds of changes to the trail. */
export type FindingKind =
  'changed' | 'removed' | 'inserted' | 'reordered' | 'tail cut off' | 'head changed' | 'key unknown';

/** The first finding of a verification. */
export interface Finding {
  readonly kind: FindingKind;
  readonly bucket: number;
  /** The position in the bucket's chain. */
  readonly sequence: number;
  /** Facts of the row at the position, when there is one. */
  readonly streamId?: string;
  readonly ref?: string;
  /** Milliseconds since the Unix epoch. */
  readonly at?: number;
  /** The explanation for the operator, a complete sentence. */
  readonly sentence: string;
}

/** An event that the database refused: its row is in the chain, its bytes are in another table. */
export interface SetAsideEvent extends Place {
  readonly streamId: string;
  readonly ref: string;
  /** SQLSTATE of the refusal, or another reason of the relay. */
  readonly reason: string;
  readonly bytes: number;
}

const LAST_DATE = 8.64e15;

/** @returns undefined for a time that a Date cannot hold */
export function millisOf(micros: string | null): number | undefined {
  const millis = Math.floor(Number(micros ?? Number.NaN) / 1_000);
  return Number.isFinite(millis) && Math.abs(millis) <= LAST_DATE ? millis : undefined;
}

/** @param row the row at the position, when there is one */
export function finding(kind: FindingKind, place: Place, sentence: string, row?: StoredEvent): Finding {
  const at = row && millisOf(row.createdAtMicros);
  return {
    kind,
    bucket: place.bucket,
    sequence: place.sequence,
    ...(row?.streamId && { streamId: row.streamId }),
    ...(row?.ref && { ref: row.ref }),
    ...(at !== undefined && { at }),
    sentence,
  };
}

/** `1 event`, `1,200 events` */
export function eventCount(events: number): string {
  return `${events.toLocaleString('en-US')} ${events === 1 ? 'event' : 'events'}`;
}

/** One line for a terminal. */
export function describeFinding({ kind, bucket, sequence, streamId, ref, at, sentence }: Finding): string {
  const facts = [
    ref && `ref ${printable(ref)}`,
    at !== undefined && new Date(at).toISOString(),
    streamId && `stream ${printable(streamId)}`,
  ].filter((fact) => typeof fact === 'string');
  const about = facts.length > 0 ? ` (${facts.join(', ')})` : '';
  return `${kind}: bucket ${bucket}, sequence ${sequence}${about}: ${sentence}`;
}

/** One line for a terminal. */
export function describeSetAside({ bucket, sequence, ref, streamId, reason, bytes }: SetAsideEvent): string {
  const facts = `ref ${printable(ref)}, stream ${printable(streamId)}`;
  return `set aside: bucket ${bucket}, sequence ${sequence} (${facts}): refused with ${printable(reason)}; its ${bytes} bytes are kept in audit_set_aside.`;
}

/**
 * The columns of a forged row can hold any text: control characters must not reach the operator's terminal.
 */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 80);
}
