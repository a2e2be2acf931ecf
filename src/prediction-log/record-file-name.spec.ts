import { describe, expect, it } from 'vitest';
import { HOST, laterNames, newRecordFileName, parseRecordFileName } from './record-file-name.js';

describe('the name of a file of the prediction log', () => {
  it('is understood again, after another process has taken it over, and when it is compressed', () => {
    const name = newRecordFileName();
    const parsed = parseRecordFileName(name);
    expect(parsed).toMatchObject({ host: HOST, ownerPid: process.pid, kind: 'plain' });
    if (parsed === undefined) {
      return;
    }
    const { base, beganAt } = parsed;
    const later = laterNames(parsed, 7);
    const same = { base, beganAt, host: HOST };
    expect(parseRecordFileName(later.plain)).toEqual({ ...same, ownerPid: 7, kind: 'plain' });
    expect(parseRecordFileName(later.partial)).toEqual({ ...same, ownerPid: 7, kind: 'partial' });
    expect(parseRecordFileName(later.compressed)).toMatchObject({ ...same, kind: 'compressed' });
  });

  it('is another one each time', () => {
    const names = Array.from({ length: 100 }, newRecordFileName);
    expect(new Set(names).size).toBe(100);
    expect(names.toSorted()).toEqual(names);
  });

  it('may name a host with dashes, digits and dots', () => {
    const name = 'predictions-20261126T150000123Z-churn-7.by-3-41.by-8.ndjson';
    expect(parseRecordFileName(name)).toMatchObject({ ownerPid: 8 });
    expect(parseRecordFileName('predictions-20261126T150000123Z-pod-7-41.ndjson')).toMatchObject({
      host: 'pod-7',
      ownerPid: 41,
    });
  });

  it.each(['notes.ndjson', 'predictions-2026-vm-1.ndjson', 'predictions-20261126T150000123Z-vm-1.txt'])(
    'is not %s',
    (name) => {
      expect(parseRecordFileName(name)).toBeUndefined();
    },
  );
});
