import { describe, expect, it } from 'vitest';
import { firstRecord } from './csv-header.js';

describe('firstRecord', () => {
  it.each([
    ['a,b\n1,2\n', ['a', 'b']],
    ['a,b\r\n1,2\r\n', ['a', 'b']],
    ['"a,""x""",b\n', ['a,"x"', 'b']],
    ['"two\nlines",b\n', ['two\nlines', 'b']],
    ['a,,c\n', ['a', '', 'c']],
  ])('of %j is %j', (text, cells) => {
    expect(firstRecord(text)).toEqual(cells);
  });

  it('is not there before it ends', () => {
    expect(firstRecord('a,"b\n')).toBeUndefined();
  });
});
