import { edge, toClip, toPath } from './burn-geometry';

it('draws the same ragged edge every time, over the whole width', () => {
  const points = edge(320, 200, 0);
  expect(points).toEqual(edge(320, 200, 0));
  expect(points[0]?.[0]).toBe(0);
  expect(points.at(-1)?.[0]).toBe(320);
  for (const [, y] of points) expect(Math.abs(y - 200)).toBeLessThan(26);
  expect(toPath(points)).toMatch(/^M0\.0 [\d.]+L/);
});

it('leaves nothing of the sheet once the edge is above its top', () => {
  const clip = toClip(edge(100, -40, 1), 100);
  expect(clip).not.toMatch(/[1-9]\d*\.\d+px\s*,?\s*-/);
  for (const y of clip.matchAll(/px ([\d.]+)px/g)) expect(Number(y[1])).toBe(0);
});
