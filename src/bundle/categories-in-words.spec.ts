import { describe, expect, it } from 'vitest';
import { categoriesInWords } from './categories-in-words.js';

describe('categoriesInWords', () => {
  it.each([
    [['a'], '"a"'],
    [['a', 'b "c"'], '"a", "b \\"c\\""'],
  ])('lists %j', (categories, words) => {
    expect(categoriesInWords(categories)).toBe(words);
  });

  it('lists twenty at most', () => {
    const many = Array.from({ length: 30 }, (_, index) => `c${index}`);
    expect(categoriesInWords(many)).toMatch(/^"c0", .*, "c19" and 10 others$/);
  });

  it('lists fewer if they are long, since an answer may have a list for each of its errors', () => {
    const long = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(150));
    expect(categoriesInWords(long)).toMatch(/^"0+", "1+" and 18 others$/);
    expect(categoriesInWords(['\0'.repeat(256)])).toBe('1 long categories');
  });
});
