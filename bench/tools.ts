import { spawnSync } from 'node:child_process';

const DEBIAN_PACKAGES = { taskset: 'util-linux', wrk: 'wrk' } as const;

/** @throws {Error} that says how to install what is missing */
export function requireTools(...tools: readonly (keyof typeof DEBIAN_PACKAGES)[]): void {
  const missing = tools.filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
  if (missing.length > 0) {
    const packages = missing.map((tool) => DEBIAN_PACKAGES[tool]);
    throw new Error(`${missing.join(' and ')} missing: apt-get install ${packages.join(' ')}`);
  }
}
