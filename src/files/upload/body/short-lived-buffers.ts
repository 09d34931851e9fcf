import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Each piece of a stream leaves about three buffers of its size behind; V8 reacts at some 30 MiB of them. */
const BETWEEN_BYTES = 2 * 1_048_576;

type MinorCollection = (options: { type: 'minor' }) => void;

let minor: MinorCollection | undefined;

function collectYoung(): void {
  minor ??= minorCollection();
  minor({ type: 'minor' });
}

function minorCollection(): MinorCollection {
  setFlagsFromString('--expose-gc');
  const found = runInNewContext('gc') as MinorCollection;
  setFlagsFromString('--no-expose-gc');
  return found;
}

/**
 * Call it with the number of bytes that went through a stream. Buffers live outside of V8's heap: long before
 * the small objects that own them fill the young generation, V8 marks its whole heap because of them, 66
 * times for each GiB, in all of its threads. Collecting the young generation in time (0.3 ms) frees the same
 * buffers. Measured for an upload of 1 GiB: 7.7 s and 5.2 s of CPU time without, 3.1 s and 2.2 s with it.
 */
export const passedThrough = everyBytes(BETWEEN_BYTES, collectYoung);

/** @returns counts bytes; calls `act` each time that at least `bytes` have been counted since the last call */
export function everyBytes(bytes: number, act: () => void): (passed: number) => void {
  let sum = 0;
  return (passed) => {
    sum += passed;
    if (sum < bytes) return;
    sum = 0;
    act();
  };
}
