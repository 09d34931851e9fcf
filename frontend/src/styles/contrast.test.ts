/** @jest-environment node */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
const themes = { light: 1, dark: 2 } as const;

/** A token of one theme as linear light (WCAG 2.2, relative luminance). */
function luminance(token: string, theme: keyof typeof themes): number {
  const match = new RegExp(`--${token}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css);
  const hex = match?.[themes[theme]];
  if (!hex) throw new Error(`no colour ${token}`);
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, two: string, theme: keyof typeof themes): number {
  const [a, b] = [luminance(one, theme), luminance(two, theme)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const grounds = ['desk', 'paper', 'envelope', 'envelope-flap', 'inset'];
const texts: [string, string][] = [
  ...grounds.flatMap((ground) => [
    ['ink', ground] as [string, string],
    ['ink-soft', ground] as [string, string],
  ]),
  ['ember', 'paper'],
  ['ember', 'envelope'],
  ['on-ember', 'ember-fill'],
  ['on-ember', 'ember-fill-hover'],
  ['paper', 'ink'],
  ['paper', 'ink-soft'],
  ['desk', 'ink'],
];

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it.each(texts)('text in %s on %s has at least 4.5:1', (text, ground) => {
    expect(contrast(text, ground, theme)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(grounds)('the outline of a control on %s has at least 3:1', (ground) => {
    expect(contrast('control-line', ground, theme)).toBeGreaterThanOrEqual(3);
    expect(contrast('focus', ground, theme)).toBeGreaterThanOrEqual(3);
  });
});
