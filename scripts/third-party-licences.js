import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Writes the licences of what production installs beside the bundle, which most of it is part of: they ask for that.
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
// Others are this repository and its workspaces.
const folders = Object.keys(packages).filter(
  (folder) => folder.includes('node_modules/') && !packages[folder].dev && !packages[folder].link,
);
writeFileSync('bundle/THIRD_PARTY_LICENSES.txt', folders.sort().map(notice).join('\n'));

function notice(/** @type {string} */ folder) {
  const {
    name,
    version,
    license,
    licenses = [],
    repository,
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  // Old packages have an array of objects.
  const licence = license ?? licenses.map(({ type }) => type).join(' OR ');
  const texts = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|notice|copying)/i.test(entry.name))
    .map(({ name: file }) => readFileSync(join(folder, file), 'utf8').trim());
  const source = repository?.url ?? repository;
  return `=== ${name} ${version} (${licence})\n\n${texts.join('\n\n') || `No text in the package: see ${source}`}\n`;
}
