import { type ChildProcess, execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = configured('CLK_TCK');
const PAGES_PER_MIB = 2 ** 20 / configured('PAGESIZE');

/** Fields of proc(5)'s stat, counted from the one after the name. */
const PARENT = 1;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;
const RESIDENT_PAGES = 21;

/** Of a process and all that it started. */
export function residentMiB(rootPid: number): number {
  return sumOverTree(rootPid, RESIDENT_PAGES) / PAGES_PER_MIB;
}

/** In user and system mode, of a process and all that it started. */
export function cpuSeconds(rootPid: number): number {
  return (sumOverTree(rootPid, USER_TICKS) + sumOverTree(rootPid, SYSTEM_TICKS)) / TICKS_PER_SECOND;
}

/** Ends a process and all that it started, at once. */
export function killTree({ pid: rootPid = NaN }: ChildProcess): void {
  for (const pid of processTree(rootPid)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
}

function sumOverTree(rootPid: number, field: number): number {
  return processTree(rootPid).reduce((sum, pid) => sum + (statOf(pid)[field] ?? 0), 0);
}

function processTree(rootPid: number): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  const parents = new Map(pids.map((pid) => [pid, statOf(pid)[PARENT]]));
  const tree = [rootPid];
  for (const pid of tree) {
    tree.push(...pids.filter((child) => parents.get(child) === pid));
  }
  return tree;
}

/** Empty if the process has ended. */
function statOf(pid: number): number[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Anything may stand in the name, which ends with the last bracket.
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
  } catch {
    return [];
  }
}

function configured(name: string): number {
  return Number(execFileSync('getconf', [name], { encoding: 'utf8' }));
}
