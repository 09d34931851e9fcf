import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const isLinux = process.platform === 'linux';

/** @returns the memory in bytes that the process occupies. Linux has it in /proc, macOS in `ps`. */
export function residentBytes(pid: number): number {
  const kib = isLinux
    ? /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Number(kib) * 1_024;
}

/** @returns the paths of the files that the process has open, and names of its sockets. macOS has `lsof` for it. */
export function openFiles(pid: number): string[] {
  if (!isLinux) {
    const listed = execFileSync('lsof', ['-p', String(pid), '-Fn'], { encoding: 'utf8' });
    return listed.split('\n').flatMap((line) => (line.startsWith('n') ? [line.slice(1)] : []));
  }
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((fd) => {
    try {
      return [readlinkSync(`${folder}/${fd}`)];
    } catch {
      // Closed since it was listed.
      return [];
    }
  });
}
