import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** They ask for no more than their notice to be passed on. */
const PERMISSIVE = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
];

const HEAD = `# Third-party licences

Look here for what production installs, all of it under permissive licences, and for the texts in
\`bundle/THIRD_PARTY_LICENSES.txt\`, which the build writes and the image has too. This page is written by
\`npx vitest run --project e2e test/docs/licences --update\`, after \`npm run build\`.
`;

const packages = Array.from(
  readFileSync('bundle/THIRD_PARTY_LICENSES.txt', 'utf8').matchAll(/^=== (\S+) \S+ \((.*)\)$/gm),
  ([, name = '', licence = '']) => ({ name, licence }),
);

/** One licence, or the choice between some, in SPDX's words. */
function isPermissive(licence: string): boolean {
  return licence
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((choice) => PERMISSIVE.includes(choice));
}

describe('the packages that production installs', () => {
  it('all have a permissive licence', () => {
    expect(packages.length).toBeGreaterThan(100);
    expect(packages.filter(({ licence }) => !isPermissive(licence))).toEqual([]);
  });

  it('stand in docs/licences.md', async () => {
    const byLicence = Map.groupBy(packages, ({ licence }) => licence);
    const sections = [...byLicence]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([licence, all]) => {
        const names = [...new Set(all.map(({ name }) => name))].sort();
        return `\n## ${licence}\n\n${names.map((name) => `- ${name}\n`).join('')}`;
      });
    await expect(HEAD + sections.join('')).toMatchFileSnapshot('../../docs/licences.md');
  });
});
