import { readFileSync } from 'node:fs';

/** What of a process is in memory. Only Linux tells. */
export function residentBytes(pid: number): number {
  const [, kibibytes = ''] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}
