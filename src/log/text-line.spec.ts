import { describe, expect, it } from 'vitest';
import { textLine } from './text-line.js';

const OPTIONS = { columns: Infinity, dim: (text: string) => text };
/** What every line has. */
const LINE = { level: 'info', time: '2026-01-01T00:00:00.000Z', service: 'churn-model-api', pid: 1 };

describe('textLine', () => {
  it('is the message, followed by the fields that are of this line only', () => {
    const line = { ...LINE, context: 'Request', method: 'POST', status: 200, route: null, msg: 'it is done' };
    expect(textLine(line, OPTIONS)).toBe('it is done method=POST status=200 route=null');
  });

  it('leaves no doubt where a value ends', () => {
    const line = { ...LINE, path: '/a b', empty: '', fields: ['/x', '/y'], msg: 'm' };
    expect(textLine(line, OPTIONS)).toBe('m path="/a b" empty="" fields=["/x","/y"]');
  });

  it('fits a terminal, prefix included, and breaks no word', () => {
    const line = {
      ...LINE,
      one: 'x'.repeat(50),
      two: 'y'.repeat(90),
      three: 3,
      msg: 'a message '.repeat(20).trim(),
    };
    const lines = `${'>'.repeat(23)}${textLine(line, { ...OPTIONS, columns: 80 })}`.split('\n');
    expect(lines.filter(({ length }) => length > 80)).toEqual([`    two=${'y'.repeat(90)}`]);
    expect(lines.slice(1).every((text) => text.startsWith('    '))).toBe(true);
    expect(
      lines
        .map((text) => text.trim())
        .join(' ')
        .slice(23),
    ).toBe(textLine(line, OPTIONS));
    const nextWords = lines.slice(1).map((text) => text.trim().split(' ')[0] ?? '');
    expect(nextWords.every((word, index) => `${lines[index] ?? ''} ${word}`.length > 80)).toBe(true);
  });

  it('keeps the line ends of a message', () => {
    expect(textLine({ ...LINE, msg: 'either\n- this\n- or that', n: 1 }, { ...OPTIONS, columns: 40 })).toBe(
      'either\n- this\n- or that n=1',
    );
  });

  it('has the stack of an error below', () => {
    const line = {
      ...LINE,
      err: { type: 'Error', message: 'no', stack: 'Error: no\n    at here' },
      msg: 'm',
    };
    expect(textLine(line, OPTIONS)).toBe('m\n    Error: no\n        at here');
  });

  it('lets no control character of a terminal through', () => {
    const line = {
      ...LINE,
      path: '/\u001b[2J\u009b2J',
      err: { stack: 'Error: \u001b[2J' },
      msg: 'm\u0007\r\u001b[2J',
    };
    expect(textLine(line, OPTIONS)).toBe('m[2J path=/[2J2J\n    Error: [2J');
  });
});
