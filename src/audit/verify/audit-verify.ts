import type { Queries } from '../../database/database.port.js';
import { idOf, isSame, type ChainHead } from '../chain/audit-chain.js';
import type { AuditKeys, VerifyingKeys } from '../chain/audit-keys.js';
import { ChainDiagnosis, PAGE, type Walk } from './chain-diagnosis.js';
import { finding, type Finding, type SetAsideEvent } from './chain-finding.js';
import { checkHeads, checkSignature, compareHeads, forked } from '../chain/chain-heads.js';
import { placeOf, readHead, RowHashes, type Place } from '../chain/chain-row.js';
import { eventsAfter, eventsBeyondHeads, readHeads, type StoredEvent } from '../chain/chain.repository.js';
import { SetAsideCheck } from '../set-aside/set-aside-check.js';

export type { FindingKind } from './chain-finding.js';

export interface VerifyOptions {
  /**
   * The last signed heads as Redis keeps them, by bucket. Read them first: the database must have at least
   * what Redis has.
   */
  readonly heads?: ReadonlyMap<number, ChainHead>;
  /** Number of valid rows, also when a later one is not. */
  readonly progress?: { events: number };
}

export type Verdict =
  | {
      readonly events: number;
      /** Rows of events that the database refused; the first hundred, absent when there are none. */
      readonly setAside?: readonly SetAsideEvent[];
    }
  | { readonly broken: Finding };

/**
 * Checks every row of the trail, from each bucket's floor to the head that it had at the start, and that
 * nothing lies beyond. Rows may be appended and old ones pruned meanwhile: rows never change, a page is one
 * statement, and the floor is read again before a row is reported missing. So no transaction is needed, which
 * would block all other users of PGlite. Memory: one page of 2,000 rows.
 * @returns the number of rows that were checked, or the first finding
 */
export async function verifyTrail(
  queries: Queries,
  keys: AuditKeys,
  { heads: kept = new Map(), progress = { events: 0 } }: VerifyOptions = {},
): Promise<Verdict> {
  const verifying = await keys.verifying(queries);
  for (const [bucket, head] of kept) {
    const broken = checkKept(bucket, head, verifying);
    if (broken) return { broken };
  }
  const stored = await readHeads(queries);
  const isEmpty =
    stored.length === 0 && (await eventsAfter(queries, undefined, Number.MAX_SAFE_INTEGER, 1)).length === 0;
  if (isEmpty)
    return firstOf([...kept.values()].map((head) => compareHeads(head, undefined))) ?? { events: 0 };
  const checked = checkHeads(stored, verifying);
  if ('broken' in checked) return checked;
  return new Verification(queries, verifying, checked.heads, kept, progress).run();
}

function checkKept(bucket: number, head: ChainHead, keys: VerifyingKeys): Finding | undefined {
  if (head.bucket !== bucket)
    return finding('head changed', head, `Redis keeps it as the head of bucket ${bucket}.`);
  return checkSignature(head, keys, 'the head that Redis keeps of the bucket');
}

function firstOf(findings: readonly (Finding | undefined)[]): { broken: Finding } | undefined {
  const broken = findings.find((each) => each !== undefined);
  return broken && { broken };
}

class Verification {
  private readonly walks: Map<number, Walk>;
  private readonly hashes: RowHashes;
  private readonly diagnosis: ChainDiagnosis;
  private readonly setAside: SetAsideCheck;
  constructor(
    private readonly queries: Queries,
    private readonly keys: VerifyingKeys,
    private readonly heads: ReadonlyMap<number, ChainHead>,
    private readonly kept: ReadonlyMap<number, ChainHead>,
    private readonly progress: { events: number },
  ) {
    this.hashes = new RowHashes(keys);
    this.diagnosis = new ChainDiagnosis(queries, this.hashes);
    this.setAside = new SetAsideCheck(queries, ({ bucket, sequence }) => this.isPruned(bucket, sequence));
    this.walks = new Map([...heads].map(([bucket, head]) => [bucket, startOf(head)]));
  }

  async run(): Promise<Verdict> {
    const broken =
      this.checkFloors() ??
      (await this.rows()) ??
      (await this.ends()) ??
      (await this.beyond()) ??
      (await this.setAside.strays());
    if (broken) return { broken };
    const older = [...this.kept.values()].map((head) => compareHeads(head, this.heads.get(head.bucket)));
    const { events } = this.setAside;
    return firstOf(older) ?? { ...this.progress, ...(events.length > 0 && { setAside: events }) };
  }

  /** Redis has a floor that the database no longer has: an older head was put back. */
  private checkFloors(): Finding | undefined {
    for (const head of this.heads.values()) {
      const kept = this.kept.get(head.bucket);
      if (!kept) continue;
      if (kept.floorSequence > head.floorSequence && kept.sequence <= head.sequence)
        return finding('head changed', head, 'an older head was put back: Redis knows a later floor.');
      if (kept.sequence === head.floorSequence && !isSame(kept.hash, head.floorHash)) return forked(kept);
    }
    return undefined;
  }

  private async rows(): Promise<Finding | undefined> {
    const last = Math.max(...[...this.heads.values()].map(({ bucket, sequence }) => idOf(bucket, sequence)));
    let after: string | undefined;
    for (;;) {
      const page = await eventsAfter(this.queries, after, last, PAGE);
      for (const row of page) {
        const broken = await this.row(row);
        if (broken) return broken;
      }
      after = page.at(-1)?.id;
      if (page.length < PAGE) return undefined;
    }
  }

  private async row(row: StoredEvent): Promise<Finding | undefined> {
    const place = placeOf(row.id);
    const walk = this.walkOf(place.bucket);
    if (place.sequence > walk.head.sequence) return undefined;
    if (place.sequence <= walk.head.floorSequence) return this.diagnosis.stray(row, this.floorOf);
    if (place.sequence > walk.expected) {
      const broken = await this.gap(walk, place.sequence);
      if (broken) return broken;
    }
    // Read in a page before it was pruned.
    if (place.sequence < walk.expected) return undefined;
    if (!this.isRight(row, place, walk)) return this.diagnosis.wrongRow(row, walk);
    walk.expected += 1;
    walk.previous = row.hash as Buffer;
    walk.lastMicros = row.createdAtMicros;
    this.progress.events += 1;
    const kept = this.kept.get(place.bucket);
    if (kept?.sequence === place.sequence && !isSame(kept.hash, walk.previous)) return forked(kept);
    return this.setAside.row(row, place);
  }

  private isRight(row: StoredEvent, place: Place, { previous }: Walk): boolean {
    return (
      row.bucket === String(place.bucket) &&
      row.sequence === String(place.sequence) &&
      row.previousHash !== null &&
      isSame(row.previousHash, previous) &&
      this.hashes.fits(row, place, previous, row.hash)
    );
  }

  /** Whether every walk reached its head; of those that did not, the one that stopped first. */
  private async ends(): Promise<Finding | undefined> {
    const short = [...this.walks.values()].filter(({ expected, head }) => expected <= head.sequence);
    const byPlace = (a: Walk, b: Walk) => idOf(a.head.bucket, a.expected) - idOf(b.head.bucket, b.expected);
    for (const walk of short.sort(byPlace)) {
      const broken = await this.gap(walk, walk.head.sequence + 1);
      if (broken) return broken;
      if (walk.expected <= walk.head.sequence) return this.ends();
    }
    const forkedEnd = [...this.walks.values()].find(
      ({ head, previous, expected }) => expected === head.sequence + 1 && !isSame(previous, head.hash),
    );
    return forkedEnd && finding('head changed', forkedEnd.head, 'the head is not that of the last event.');
  }

  /** @returns undefined when the missing rows were pruned meanwhile; the walk then continues after them */
  private async gap(walk: Walk, until: number): Promise<Finding | undefined> {
    const [stored] = await readHeads(this.queries, walk.head.bucket);
    const head = stored && readHead(stored);
    if (head && head.floorSequence >= walk.expected && !checkSignature(head, this.keys, 'the head')) {
      walk.expected = head.floorSequence + 1;
      walk.previous = head.floorHash;
      if (until <= walk.expected) return undefined;
    }
    return this.diagnosis.gap(walk, until);
  }

  private async isPruned(bucket: number, sequence: number): Promise<boolean> {
    const [stored] = await readHeads(this.queries, bucket);
    const head = stored && readHead(stored);
    return (
      head !== undefined && head.floorSequence >= sequence && !checkSignature(head, this.keys, 'the head')
    );
  }

  private async beyond(): Promise<Finding | undefined> {
    const first = Math.min(...[...this.heads.values()].map(({ sequence }) => sequence));
    const [row] = await eventsBeyondHeads(this.queries, idOf(0, first), 1);
    return row && this.diagnosis.beyond(row, this.floorOf);
  }

  private readonly floorOf = (bucket: number): number => this.walkOf(bucket).head.floorSequence;

  private walkOf(bucket: number): Walk {
    const walk = this.walks.get(bucket);
    if (!walk) throw new RangeError(`no bucket ${bucket}`);
    return walk;
  }
}

function startOf(head: ChainHead): Walk {
  return { head, expected: head.floorSequence + 1, previous: head.floorHash, lastMicros: null };
}
