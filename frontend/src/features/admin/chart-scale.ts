/** Ends of axes by their first digit; halves of them are whole numbers. */
const SMALL = [2, 4, 6, 8, 10];
const LARGE = [1, 2, 3, 4, 5, 6, 8, 10];

/** The first round number that is not below the highest value, as the end of an axis. */
export function axisEnd(highest: number): number {
  const power = highest < 10 ? 1 : 10 ** Math.floor(Math.log10(highest));
  return ((power === 1 ? SMALL : LARGE).find((step) => step * power >= highest) ?? 10) * power;
}

/** Height of a bar, in hundredths of the chart; any value above 0 is visible. */
export const barHeight = (value: number, end: number): number =>
  value === 0 ? 0 : Math.max(2, (value / end) * 100);

const HOUR = 3_600_000;

/** Length of the spans in ms, by the first two. @param starts ISO 8601, in order */
export function spanLength(starts: readonly string[]): number {
  const [first = '', second = ''] = starts;
  const length = Date.parse(second) - Date.parse(first);
  return Number.isFinite(length) && length > 0 ? length : HOUR;
}

/**
 * Label of a span: a day of UTC by its date, since that is what it counts; a shorter one by the reader's
 * clock.
 * @param length ms
 */
export function spanLabel(start: string, length: number, language: string): string {
  const date = new Date(start);
  if (Number.isNaN(date.getTime())) return '';
  if (length >= 24 * HOUR) {
    return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
      date,
    );
  }
  const weekday = length > HOUR ? ({ weekday: 'short' } as const) : {};
  return new Intl.DateTimeFormat(language, { ...weekday, hour: '2-digit', minute: '2-digit' }).format(date);
}
