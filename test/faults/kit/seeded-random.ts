/** Choices that a seed repeats. Mulberry32: enough for a test, and one line. */
export class SeededRandom {
  constructor(private state: number) {}

  /** @returns 0 up to, but not, 1 */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** @returns an integer from `least` to `most`, both included */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** @param weights of the outcomes; one is chosen */
  pick<T extends string>(weights: Readonly<Record<T, number>>): T {
    const entries = Object.entries(weights) as [T, number][];
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [outcome, weight] of entries) {
      left -= weight;
      if (left < 0) return outcome;
    }
    return (entries[0] as [T, number])[0];
  }

  /** Another stream of choices, which those of this one do not disturb. */
  branch(n: number): SeededRandom {
    return new SeededRandom(this.state ^ Math.imul(n + 1, 0x9e3779b1));
  }
}
