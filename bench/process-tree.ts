import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Resident memory of a process and all that it started. */
export function residentMiB(rootPid: number): number {
  const kiB = processTree(rootPid).map((pid) => {
    const [, text = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(text);
  });
  return sum(kiB) / 1024;
}

/** Processor time, in user and system mode, of a process and all that it started. */
export function cpuSeconds(rootPid: number): number {
  return sum(processTree(rootPid).map((pid) => ticks(statOf(pid)))) / TICKS_PER_SECOND;
}

/** Ends a process and all that it started, at once. */
export function killTree(rootPid: number): void {
  for (const pid of processTree(rootPid)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
}

function processTree(rootPid: number): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), Number(statOf(Number(name))[1])]),
  );
  const tree = [rootPid];
  for (const pid of tree) {
    tree.push(...[...parents].filter(([, parent]) => parent === pid).map(([child]) => child));
  }
  return tree;
}

/** The fields of proc(5) from the third, the state, on; the second is a name in which anything may stand. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return []; // It has ended since it was listed.
  }
}

function ticks(stat: readonly string[]): number {
  const [userTicks = 0, systemTicks = 0] = stat.slice(11, 13).map(Number);
  return userTicks + systemTicks;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
