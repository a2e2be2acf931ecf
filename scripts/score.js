import { spawnSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Builds what is not built, or older than its source, and runs it.
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, 'bundle/score.js');

function changedAtMs(/** @type {string} */ path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

const sources = globSync('src/**/*', { cwd: root }).map((path) => changedAtMs(join(root, path)));
if (Math.max(...sources) > changedAtMs(program)) {
  process.stderr.write('Building …\n');
  // Standard output is for the answer.
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    stdio: ['ignore', process.stderr.fd, 'inherit'],
  });
  if (status !== 0) {
    process.exit(1);
  }
}
await import(program);
