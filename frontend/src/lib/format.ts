const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** The browser's own variant of the page's language, so that dates look as its user is used to. */
export const regional = (language: string, wanted: readonly string[] = navigator.languages): string =>
  wanted.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language;

type Unit = (typeof UNITS)[number][0];

const amount = (value: number, unit: string, language: string): string =>
  new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value);

/** The largest unit that divides the duration, such as "1 day" or "90 minutes". @param seconds whole */
export function formatDuration(seconds: number, language: string): string {
  const [unit, size] = UNITS.find(([, length]) => seconds >= length && seconds % length === 0) ?? [
    'second',
    1,
  ];
  return amount(seconds / size, unit, language);
}

/** Roughly how long is left, in the largest fitting unit, rounded: "23 hours". @param seconds not negative */
export function formatRoughly(seconds: number, language: string): string {
  const [unit, size]: readonly [Unit, number] = UNITS.find(([, length]) => seconds >= length) ?? [
    'second',
    1,
  ];
  return amount(Math.max(0, Math.round(seconds / size)), unit, language);
}

/** A countdown such as "14:59" or "1:02:07". @param seconds not negative */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60), whole % 60];
  const tail = String(rest).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

/** A point in time in the reader's own zone: "21 Nov 2026, 14:03". @param at ISO 8601 or milliseconds */
export function formatMoment(at: string | number, language: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}

/** A point in time to the second: "21 Nov 2026, 14:03:09". @param at ISO 8601 or milliseconds */
export function formatSecond(at: string | number, language: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '';
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(date);
}

/** From one point in time to another, as short as it goes: "21 Nov 2026, 14:01–14:03". Equal ones are one. */
export function formatMoments(from: string, to: string, language: string): string {
  const [start, end] = [new Date(from), new Date(to)];
  if (Number.isNaN(start.getTime()) || Number.isNaN(end.getTime())) return '';
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  return start < end ? format.formatRange(start, end) : format.format(end);
}

/** Each is said from one of it on, as it comes out rounded: never "1,024 kB". */
const BYTE_UNITS = [
  ['gigabyte', 1_073_741_824],
  ['megabyte', 1_048_576],
  ['kilobyte', 1_024],
] as const;

/** Bytes as people say them, in steps of 1024: "48 bytes", "12 kB", "1.5 MB", "2.1 GB". */
export function formatBytes(bytes: number, language: string): string {
  if (bytes < 1_024) return amount(bytes, 'byte', language);
  const [unit, size] = BYTE_UNITS.find(([, one]) => bytes >= one * 0.99995) ?? ['kilobyte', 1_024];
  const format = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(language, format).format(bytes / size);
}
