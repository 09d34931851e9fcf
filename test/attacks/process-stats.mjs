/** Statistics of a process: its CPU time and its memory (proc(5)). */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** In which the kernel counts time, on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;

/** @returns {number} seconds of all its threads */
export function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

function memory(pid, field) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1]) * 1_024;
}

export const residentBytes = (pid) => memory(pid, 'VmRSS');
/** @returns {number} the most bytes it had since resetPeak */
export const peakBytes = (pid) => memory(pid, 'VmHWM');
export const resetPeak = (pid) => writeFileSync(`/proc/${pid}/clear_refs`, '5');

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8');
  } catch {
    // It has ended since it was listed.
    return '';
  }
}

/** @returns {number | undefined} the first child that runs this program */
export function childNamed(pid, name) {
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const children = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim();
    for (const child of children === '' ? [] : children.split(' ')) {
      if (commandOf(child).startsWith(name)) return Number(child);
    }
  }
  return undefined;
}
