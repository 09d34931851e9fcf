import { totalmem } from 'node:os';

/** The rest is for this process, and for the pages that Redis copies while it rewrites its file. */
const SHARE = 0.5;

/** @returns bytes that the embedded Redis may use: half of what the machine or the container (cgroup) has */
export function embeddedMaxMemory(
  machineBytes = totalmem(),
  constrainedBytes = process.constrainedMemory(),
): number {
  // 0 when the limit is unknown; larger than the memory of the machine when there is no limit.
  const available = constrainedBytes > 0 ? Math.min(constrainedBytes, machineBytes) : machineBytes;
  return Math.floor(available * SHARE);
}
