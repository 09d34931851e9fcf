import type { TimelineEntry } from './api/receipt';
import { deviceOf, plainly } from './device';

/** One line of the timeline: an event, or several wrong passphrases in a row from the same place. */
export interface Happening {
  /** The last of the events. */
  entry: TimelineEntry;
  /** When the first of them was; the same as `entry.at` for one. */
  since: string;
  times: number;
  /** Who it was, as far as that is known and not said by the line before. */
  from?: string;
}

/** What the sender did is known to the sender, and time runs out by itself. */
const byReader = ({ action, by }: TimelineEntry): boolean =>
  action !== 'created' && action !== 'expired' && action !== 'locked' && by !== 'sender';

function fromOf(entry: TimelineEntry): string | undefined {
  if (!byReader(entry)) return undefined;
  const { userAgent, ipAddress } = entry;
  const parts = [userAgent && deviceOf(userAgent), ipAddress && plainly(ipAddress)].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : undefined;
}

/** Folds wrong passphrases in a row into one line, and names each place once. @param entries oldest first */
export function happenings(entries: readonly TimelineEntry[]): Happening[] {
  const lines: Happening[] = [];
  let before: string | undefined;
  for (const entry of entries) {
    const from = fromOf(entry);
    const last = lines.at(-1);
    if (last && entry.action === 'attempt_failed' && last.entry.action === entry.action && from === before) {
      lines[lines.length - 1] = { ...last, entry, times: last.times + 1 };
      continue;
    }
    lines.push({ entry, since: entry.at, times: 1, ...(from && from !== before ? { from } : {}) });
    before = from ?? before;
  }
  return lines;
}
