/** Holds processes to a share of a core each, by the kernel's quota: how copies scale can then be seen on few cores. */
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Short, so that a process which has used its share up does not stand still for long. */
const PERIOD_US = 10_000;
const V1 = '/sys/fs/cgroup/cpu';
const V2 = '/sys/fs/cgroup';

function limit(group, share) {
  const quota = Math.round(share * PERIOD_US);
  if (existsSync(join(group, 'cpu.max')))
    return writeFileSync(join(group, 'cpu.max'), `${quota} ${PERIOD_US}`);
  writeFileSync(join(group, 'cpu.cfs_period_us'), String(PERIOD_US));
  writeFileSync(join(group, 'cpu.cfs_quota_us'), String(quota));
}

/**
 * @param pid of the process, its threads with it @param share of a core
 * @returns how to remove the limit once the process has ended; undefined where the system does not let us set one
 */
export function holdTo(pid, share) {
  const group = join(existsSync(join(V1, 'cpu.cfs_quota_us')) ? V1 : V2, `burnbag-bench-${pid}`);
  try {
    mkdirSync(group);
    limit(group, share);
    writeFileSync(join(group, 'cgroup.procs'), String(pid));
  } catch {
    if (existsSync(group)) rmdirSync(group);
    return undefined;
  }
  return () => rmdirSync(group);
}
