import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ModelManifest } from '../bundle/manifest.js';
import { layoutOf } from './feature-table.js';
import { goldenTableOf } from './golden-rows.js';
import type { ForwardPass } from './inference/inference.js';
import { askRowsAlone, spreadRows } from './rows-alone.js';

const ROWS = 100;
const GOLDEN = goldenTableOf(
  {
    golden_rows: {
      features: ['text', 'score'],
      rows: Array.from({ length: ROWS }, (_, row) => [`text ${row}`, row / ROWS]),
      probabilities: Array.from({ length: ROWS }, (_, row) => row / ROWS),
    },
    examples: [],
  } as unknown as ModelManifest,
  layoutOf({
    inputs: [
      { name: 'numbers', type: 'float64', features: ['score'] },
      { name: 'texts', type: 'string', features: ['text'], missing_text: '' },
    ],
    features: [],
  }),
);

/** Answers with the scores, all of which are moved if there is more than one. */
function scoresWith(moved: number): ForwardPass {
  return ({ rowCount, numbers }) =>
    Promise.resolve(numbers.map((score) => score + (rowCount > 1 ? moved : 0)));
}

async function ask(forwardPass: ForwardPass): ReturnType<typeof askRowsAlone> {
  return askRowsAlone(forwardPass, GOLDEN, await forwardPass(GOLDEN.table), 'a.onnx');
}

describe('askRowsAlone', () => {
  it('asks each row of a light model, and gives what it answered alone', async () => {
    const { rowCount, probabilities } = await ask(scoresWith(1e-7));
    expect(rowCount).toBe(ROWS);
    expect(probabilities).toEqual(GOLDEN.probabilities);
  });

  it.each([[1e-4], [NaN]])('refuses a model whose answers to a batch are moved by %d', async (moved) => {
    await expect(ask(scoresWith(moved))).rejects.toThrow(
      /Other customers in a batch change the answer to one\. Where: a\.onnx\. .*golden row 0 .*"text 0".*alone, as in a batch of 100.*quantization/,
    );
  });

  it('asks few rows of a heavy model, spread over the table', async () => {
    const rows: number[] = [];
    const startedAtMs = performance.now();
    const { rowCount } = await ask(async (table) => {
      if (table.rowCount === 1) {
        rows.push(Math.round((table.numbers[0] ?? NaN) * ROWS));
        await delay(100);
      }
      return table.numbers;
    });
    expect(performance.now() - startedAtMs).toBeLessThan(2000);
    expect(rowCount).toBe(rows.length);
    expect(rowCount).toBeGreaterThanOrEqual(4);
    expect(rowCount).toBeLessThan(10);
    expect(rows.slice(0, 4).toSorted((a, b) => a - b)).toEqual([0, 32, 64, 96]);
  });
});

describe('spreadRows', () => {
  it.each([[1], [2], [7], [64], [100]])('gives each of %d rows once', (rowCount) => {
    const expected = Array.from({ length: rowCount }, (_, row) => row);
    expect([...spreadRows(rowCount)].toSorted((a, b) => a - b)).toEqual(expected);
  });
});
