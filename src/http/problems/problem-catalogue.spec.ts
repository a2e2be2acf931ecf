import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FIELD_ERROR_CODES, PROBLEMS } from './problem-catalogue.js';

const document = readFileSync('docs/errors.md', 'utf8').replaceAll(/ +/g, ' ');

describe('docs/errors.md', () => {
  it('has one row for each problem, with its status and title', () => {
    const rows = document.match(/^\| `\w+` \| \d+ \| [^|]+ \|/gm);
    expect(rows).toEqual(
      Object.entries(PROBLEMS).map(([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} |`),
    );
  });

  it('has one row for each code of a field', () => {
    const rows = Array.from(document.matchAll(/^\| `(\w+)` \| \D[^|]+ \|$/gm), ([, code]) => String(code));
    expect(rows.toSorted()).toEqual(FIELD_ERROR_CODES.toSorted());
  });
});
