import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const pages = globSync(['*.md', '{docs,models,test}/**/*.md']);

describe('the documentation', () => {
  it.each(pages)('%s links to files that are there', (page) => {
    const links = Array.from(
      readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g),
      ([, path = '']) => path,
    );
    expect(links.filter((path) => !existsSync(join(dirname(page), path)))).toEqual([]);
  });
});
