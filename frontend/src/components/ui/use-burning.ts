import { type RefObject, useEffect, useEffectEvent, useRef } from 'react';
import { edge, toClip, toPath } from './burn-geometry';

/** The burnt part of the sheet: nothing, the stub at its lower edge, or all. */
export type Burned = 'nothing' | 'stub' | 'all';

const DURATION_MS = { stub: 1_100, all: 1_500 } as const;
/** Pixels above the sheet's top at which the ragged edge has left the sheet. */
const CLEAR = 40;
/** Pixels between the top of the stub and the burnt edge, so that it touches nothing above. */
const BELOW = 24;

export const prefersStillness = (): boolean =>
  typeof matchMedia !== 'function' || matchMedia('(prefers-reduced-motion: reduce)').matches;

interface Parts {
  sheet: RefObject<HTMLElement | null>;
  stub: RefObject<HTMLElement | null>;
}

/** Draws one frame: `mean` is the height of the edge in pixels, `heat` 1 while it burns and 0 when it is cold. */
function draw(sheet: HTMLElement, mean: number, drift: number, heat: number): void {
  const width = sheet.clientWidth;
  const points = edge(width, mean, drift);
  sheet.style.setProperty('--burn-clip', toClip(points, width));
  sheet.style.setProperty('--burn-heat', heat.toFixed(3));
  const path = toPath(points);
  for (const line of sheet.querySelectorAll('[data-burn-line]')) line.setAttribute('d', path);
}

/**
 * Burns a sheet from its lower edge, by the CSS object model only (no inline style, no markup from strings).
 * @param onBurned called once the last frame of each burn is drawn
 */
export function useBurning({ sheet, stub }: Parts, burned: Burned, onBurned?: () => void): void {
  const mean = useRef<number>(undefined);
  const done = useEffectEvent(() => onBurned?.());

  useEffect(() => {
    const element = sheet.current;
    if (!element || burned === 'nothing') return;
    if (prefersStillness()) {
      const timer = setTimeout(() => done(), 700);
      return () => clearTimeout(timer);
    }
    const height = element.clientHeight;
    const target = burned === 'all' ? -CLEAR : height - (stub.current?.offsetHeight ?? 0) + BELOW;
    const from = mean.current ?? height + CLEAR / 2;
    const started = performance.now();
    let frame = 0;
    const step = (now: number) => {
      const time = Math.min(1, (now - started) / DURATION_MS[burned]);
      mean.current = from + (target - from) * (time * (2 - time));
      // Fades in at the start, and out at the end of the paper.
      const heat = time < 1 ? Math.min(1, time * 6, Math.max(0, (mean.current + CLEAR) / CLEAR)) : 0;
      draw(element, mean.current, (from - mean.current) / 260, heat);
      if (time < 1) frame = requestAnimationFrame(step);
      else done();
    };
    frame = requestAnimationFrame(step);

    // A sheet of another width needs another edge; the burnt part stays.
    const resized = new ResizeObserver(() => {
      const now = element.clientHeight - (stub.current?.offsetHeight ?? 0) + BELOW;
      if (mean.current === target && burned === 'stub') draw(element, now, (from - target) / 260, 0);
    });
    resized.observe(element);
    return () => {
      cancelAnimationFrame(frame);
      resized.disconnect();
    };
  }, [burned, sheet, stub]);
}
