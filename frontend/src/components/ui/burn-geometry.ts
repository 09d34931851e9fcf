/** Pixels between the points of the burning edge. */
const STEP = 7;

/** A repeatable pseudo-random number in [-1, 1] for an integer. */
function roll(n: number): number {
  const x = Math.sin(n * 127.1 + 11.7) * 43_758.5453;
  return (x - Math.floor(x)) * 2 - 1;
}

/** Value noise: smooth between the integers. */
function noise(x: number): number {
  const cell = Math.floor(x);
  const t = x - cell;
  const ease = t * t * (3 - 2 * t);
  return roll(cell) * (1 - ease) + roll(cell + 1) * ease;
}

/** Height of the ragged edge around its mean at `x`; `drift` moves the flames while it rises. */
const ragged = (x: number, drift: number): number =>
  16 * noise(x / 120 + drift) + 7 * noise(x / 37 + drift * 2 + 50) + 2.5 * noise(x / 11 + 90);

export type Point = readonly [x: number, y: number];

/**
 * The burning edge of a sheet.
 * @param width of the sheet, pixels @param mean height of the edge from the top, pixels @param drift 0 and up
 */
export function edge(width: number, mean: number, drift: number): Point[] {
  const points: Point[] = [];
  for (let x = 0; x < width; x += STEP) points.push([x, mean + ragged(x, drift)]);
  points.push([width, mean + ragged(width, drift)]);
  return points;
}

const at = ([x, y]: Point): string => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** The edge as an SVG path. */
export const toPath = (points: readonly Point[]): string => `M${points.map(at).join('L')}`;

/** The rest of the sheet above the edge, as a CSS clip path. */
export function toClip(points: readonly Point[], width: number): string {
  const rim = points.toReversed().map(([x, y]) => `${x.toFixed(1)}px ${Math.max(0, y).toFixed(1)}px`);
  return `polygon(0 0, ${width}px 0, ${rim.join(', ')})`;
}
