import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { externalFiles } from './external-data.js';

function fixture(name: string): Buffer {
  return readFileSync(`test/fixtures/models/${name}.onnx`);
}

describe('externalFiles', () => {
  it('names the file in which a graph has its weights', () => {
    expect(externalFiles(fixture('external_data'))).toEqual(['external_data.onnx.data']);
  });

  it.each(['matrix_float32', 'every_type', 'heavy_row'])('finds none of the graph %s', (name) => {
    expect(externalFiles(fixture(name))).toEqual([]);
  });

  it('reads whatever is no ONNX file, and each part of one, to its end', () => {
    const whole = fixture('external_data');
    for (let length = 0; length < whole.length; length++) {
      expect(externalFiles(whole.subarray(0, length)).length).toBeLessThanOrEqual(1);
    }
    expect(externalFiles(Buffer.from('not a model'))).toEqual([]);
    expect(externalFiles(Buffer.alloc(64, 0xff))).toEqual([]);
  });
});
