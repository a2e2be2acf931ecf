import { accessSync, constants, existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Where Linux keeps the limits of groups of processes: of cgroup v1, and of v2 with the files that it has instead. */
const HIERARCHIES = [
  { folder: '/sys/fs/cgroup/memory', limitFile: 'memory.limit_in_bytes' },
  { folder: '/sys/fs/cgroup', limitFile: 'memory.max' },
];

const hierarchy = HIERARCHIES.find(({ folder }) => existsSync(join(folder, 'cgroup.procs')));

/** Whether this process may limit the memory of another, as a container does. */
export const CAN_LIMIT_MEMORY = hierarchy !== undefined && isWritable(hierarchy.folder);

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns a shell command by which a process gets into a group with this limit, for `setUp` of a launch */
export function limitMemory(limitBytes: number): string {
  if (hierarchy === undefined) {
    throw new Error('This machine has no memory cgroup.');
  }
  const group = join(hierarchy.folder, `churn-test-${process.pid}-${limitBytes}`);
  mkdirSync(group);
  onTestFinished(() => {
    rmdirSync(group);
  });
  writeFileSync(join(group, hierarchy.limitFile), String(limitBytes));
  return `echo $$ > ${join(group, 'cgroup.procs')}`;
}
