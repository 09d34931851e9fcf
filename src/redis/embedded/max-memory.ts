import { totalmem } from 'node:os';

/** The rest is for this process, and for the copy of its pages that Redis makes while it rewrites its file. */
const SHARE = 0.5;

/** @returns bytes that the embedded Redis may use: half of what the machine or the container (cgroup) has */
export function embeddedMaxMemory(
  machineBytes = totalmem(),
  constrainedBytes = process.constrainedMemory(),
): number {
  // 0 where it is not known, and more than the machine has where there is no limit.
  const available = constrainedBytes > 0 ? Math.min(constrainedBytes, machineBytes) : machineBytes;
  return Math.floor(available * SHARE);
}
