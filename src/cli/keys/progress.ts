import type { Terminal } from '../command.js';

const WIDTH = 30;
const PLAIN_MS = 5_000;

const number = (value: number): string => value.toLocaleString('en');

/** Shows the progress of long work: a bar on a terminal, else a line every five seconds. */
export class Progress {
  private readonly started = performance.now();
  private told = performance.now();

  constructor(
    private readonly total: number,
    private readonly what: string,
    private readonly terminal: Terminal,
  ) {}

  at(done: number): void {
    const now = performance.now();
    const perSecond = Math.round(done / Math.max(0.001, (now - this.started) / 1000));
    const share = this.total === 0 ? 1 : Math.min(1, done / this.total);
    const figures = `${number(done)} of ${number(this.total)} ${this.what}, ${number(perSecond)}/s`;
    if (this.terminal.status) {
      const full = Math.round(share * WIDTH);
      const bar = `${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}`;
      this.terminal.status(`[${bar}] ${Math.floor(share * 100)}% ${figures}`);
    } else if (now - this.told >= PLAIN_MS) {
      this.told = now;
      this.terminal.out(figures);
    }
  }

  /** @returns seconds since the start */
  end(): number {
    this.terminal.status?.('');
    return (performance.now() - this.started) / 1000;
  }
}
