/**
 * Preloaded into an app: its clock is CLOCK_SHIFT_MS ahead of that of the machine, and so of Redis. SIGUSR2 lets its
 * monotonic clock jump by ten minutes, as if Redis' clock had been set since it was measured.
 */
const shift = Number(process.env.CLOCK_SHIFT_MS ?? 0);
const RealDate = Date;
globalThis.Date = class Date extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + shift);
    else super(...given);
  }
  static now() {
    return RealDate.now() + shift;
  }
};

const JUMP_MS = 600_000;
const monotonic = performance.now.bind(performance);
let jumped = 0;
performance.now = () => monotonic() + jumped;
process.on('SIGUSR2', () => (jumped += JUMP_MS));
