import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { forecastMemory } from './memory-forecast.js';
import { memoryNotice } from './memory-notice.js';
import { sizeOfGraph } from './inference/graph-size.js';

const MEBIBYTE = 2 ** 20;
const NONE = { treeBytes: 0, compactTreeBytes: 0, largestCompactTreeBytes: 0, otherBytes: 0 };

type Choices = Parameters<typeof memoryNotice>[1];

function settings(changes: Partial<Choices> = {}): Choices {
  return { inferenceThreads: 'auto', maxBatchRows: 'auto', workers: 1, ...changes };
}

/** A field of an ONNX message: its number, its length in groups of 7 bits, and its bytes. */
function field(number: number, content: Uint8Array): Buffer {
  const length = [];
  for (let rest = content.length; length.length === 0 || rest > 0; rest = Math.floor(rest / 128)) {
    length.push((rest % 128) + (rest >= 128 ? 128 : 0));
  }
  return Buffer.concat([Buffer.of((number << 3) | 2, ...length), content]);
}

/** A node with an attribute of so many bytes. */
function node(operator: string, attributeBytes: number): Buffer {
  return Buffer.concat([field(4, Buffer.from(operator)), field(5, Buffer.alloc(attributeBytes))]);
}

function model(...nodes: Buffer[]): Buffer {
  return field(7, Buffer.concat(nodes.map((each) => field(1, each))));
}

describe('sizeOfGraph', () => {
  it('counts the bytes of trees in both forms apart from all others', () => {
    const [classic, large, small, other] = [
      node('TreeEnsembleClassifier', 3000),
      node('TreeEnsemble', 2000),
      node('TreeEnsemble', 500),
      node('MatMul', 400),
    ] as const;
    const bytes = model(classic, large, small, other);
    expect(sizeOfGraph(bytes)).toEqual({
      treeBytes: classic.length,
      compactTreeBytes: large.length + small.length,
      largestCompactTreeBytes: large.length,
      otherBytes: bytes.length - classic.length - large.length - small.length,
    });
  });

  it('takes all bytes of what is no graph for others', () => {
    expect(sizeOfGraph(Buffer.from('not a model'))).toEqual({ ...NONE, otherBytes: 11 });
  });
});

describe('forecastMemory', () => {
  it.each([
    ['boosted trees of 9.0 MiB', { ...NONE, treeBytes: 9 * MEBIBYTE }, 245, 292],
    ['a forest of 28.8 MiB', { ...NONE, treeBytes: 28.8 * MEBIBYTE }, 404, 552],
    [
      'the same forest, compact',
      { ...NONE, compactTreeBytes: 9.7 * MEBIBYTE, largestCompactTreeBytes: 9.7 * MEBIBYTE },
      258,
      407,
    ],
    [
      'a compact forest in eleven parts',
      { ...NONE, compactTreeBytes: 68.9 * MEBIBYTE, largestCompactTreeBytes: 6.3 * MEBIBYTE },
      649,
      894,
    ],
  ])('is not far from what was measured of %s on a thread', (_case, size, restMebibytes, peakMebibytes) => {
    const { restBytes, peakBytes } = forecastMemory(size, { processes: 1, threads: 1 });
    // It errs on the safe side, since a process that is killed costs more than memory that is free.
    expect(restBytes / MEBIBYTE / restMebibytes).toBeGreaterThan(0.95);
    expect(restBytes / MEBIBYTE / restMebibytes).toBeLessThan(1.5);
    expect(peakBytes / MEBIBYTE / peakMebibytes).toBeGreaterThan(0.95);
    expect(peakBytes / MEBIBYTE / peakMebibytes).toBeLessThan(1.3);
  });

  it('counts each session, the file that threads keep, and the supervisor', () => {
    const size = { ...NONE, treeBytes: 10 * MEBIBYTE };
    const inline = forecastMemory(size, { processes: 1, threads: 0 }).restBytes;
    const one = forecastMemory(size, { processes: 1, threads: 1 }).restBytes;
    const two = forecastMemory(size, { processes: 1, threads: 2 }).restBytes;
    expect(one - inline).toBe(10 * MEBIBYTE);
    expect(two - one).toBe(95 * MEBIBYTE);
    expect(forecastMemory(size, { processes: 3, threads: 1 }).restBytes).toBe(75 * MEBIBYTE + 3 * one);
  });
});

describe('memoryNotice', () => {
  const large = model(node('TreeEnsembleRegressor', 30 * MEBIBYTE));

  it('states the figures of a model that fits', () => {
    const bytes = readFileSync('models/churn_model.onnx');
    const notice = memoryNotice(bytes, settings(), 512 * MEBIBYTE);
    expect(notice).toMatchObject({
      level: 'info',
      message: 'the model fits into memory',
      fields: { model_bytes: bytes.length, sessions: 1, memory_limit_bytes: 512 * MEBIBYTE },
    });
  });

  it('warns of a model that does not fit, and says what limit it takes', () => {
    const { level, message, fields } = memoryNotice(
      large,
      settings({ inferenceThreads: 2, workers: 2 }),
      512 * MEBIBYTE,
    );
    expect(level).toBe('warn');
    expect(fields).toMatchObject({ sessions: 4 });
    const peakMebibytes = Math.ceil((fields['expected_peak_bytes'] ?? NaN) / MEBIBYTE);
    expect(peakMebibytes).toBeGreaterThan(1000);
    expect(message).toContain(`raise the limit to ${peakMebibytes} MiB or more`);
  });
});
