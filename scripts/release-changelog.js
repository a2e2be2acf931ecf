import { readFileSync, writeFileSync } from 'node:fs';

const FILE = 'CHANGELOG.md';
const UNRELEASED = '## [Unreleased]\n';

// Run by `npm version`: with --check before it changes anything, and again when package.json has the new version.
// Unreleased changes go under that version.
const changelog = readFileSync(FILE, 'utf8');
const [before = '', after] = changelog.split(UNRELEASED);
const changes = after?.split(/^## /m)[0] ?? '';
if (!/^- /m.test(changes)) {
  console.error(`${FILE} has nothing under "${UNRELEASED.trim()}": write down what users will notice.`);
  process.exit(1);
}
if (!process.argv.includes('--check')) {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  const [today] = new Date().toISOString().split('T');
  writeFileSync(FILE, `${before}${UNRELEASED}\n## [${version}] - ${today}\n${after}`);
}
