import type { TimelineEntry, TrailAction } from '@burnbag/contract';
import { deviceOf, plainly } from './device';

/** One line of the timeline: an event, or several wrong passphrases in a row from the same place. */
export interface TimelineItem {
  /** The last of the events. */
  entry: TimelineEntry;
  /** When the first of them was; the same as `entry.at` for one. */
  since: string;
  times: number;
  /** The actor, if known and not repeated by a consequence. */
  from?: string;
}

/**
 * Whether a line of each action shows its client: `always`, only when it differs from the line before
 * (`changed`), or `never`, because the sender or the clock did it.
 */
const TELLS_FROM: Readonly<Record<TrailAction, 'always' | 'changed' | 'never'>> = {
  created: 'never',
  viewed: 'always',
  view_retried: 'changed',
  acknowledged: 'changed',
  attempt_failed: 'always',
  locked: 'never',
  unlocked: 'changed',
  burned: 'always',
  expired: 'never',
  set_aside: 'changed',
};

const byReader = ({ action, by }: TimelineEntry): boolean =>
  TELLS_FROM[action] !== 'never' && (by ?? 'reader') === 'reader';

function fromOf(entry: TimelineEntry): string | undefined {
  if (!byReader(entry)) return undefined;
  const { userAgent, ipAddress } = entry;
  const parts = [userAgent && deviceOf(userAgent), ipAddress && plainly(ipAddress)].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : undefined;
}

const isLike = (one: TimelineEntry, other: TimelineEntry): boolean =>
  one.action === other.action && one.reason === other.reason;

/** Folds wrong passphrases in a row into one line. @param entries oldest first */
export function timelineItems(entries: readonly TimelineEntry[]): TimelineItem[] {
  const lines: TimelineItem[] = [];
  let before: string | undefined;
  for (const entry of entries) {
    const from = fromOf(entry);
    const last = lines.at(-1);
    if (last && entry.action === 'attempt_failed' && isLike(last.entry, entry) && from === before) {
      lines[lines.length - 1] = { ...last, entry, times: last.times + 1 };
      continue;
    }
    const told = from === before && TELLS_FROM[entry.action] !== 'always';
    lines.push({ entry, since: entry.at, times: 1, ...(from && !told ? { from } : {}) });
    before = from ?? before;
  }
  return lines;
}
