import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fixtureManifest, readFixture, writeBundle } from '../support/bundle.js';
import { type LogLine, type Service, startService } from '../support/service.js';

const REPORT = { NODE_OPTIONS: `--import=${pathToFileURL('test/support/memory-report.js').href}` };
const TEXT_BYTES = 64 * 2 ** 20;

/** A graph with a long `doc_string`, which is field 6 of an ONNX file: a tag, the length in groups of 7 bits, the text. */
function largeModel(): Buffer {
  const tag = Buffer.of((6 << 3) | 2);
  const length = Buffer.of(0x80, 0x80, 0x80, TEXT_BYTES >> 21);
  return Buffer.concat([readFixture('matrix_float32'), tag, length, Buffer.alloc(TEXT_BYTES, 'x')]);
}

async function copiesInMemory({ process }: Service): Promise<number> {
  const isReport = ({ msg }: LogLine): boolean => msg === 'memory';
  const count = process.lines.filter(isReport).length + 1;
  process.signal('SIGUSR2');
  await process.lineCount(isReport, count);
  return Number(process.lines.findLast(isReport)?.['buffer_bytes']) / TEXT_BYTES;
}

describe('the file of a large model', () => {
  it.each([
    ['not in memory once the model is loaded on the event loop', '0', 0],
    ['not in memory once a thread has shown that the event loop is faster', 'auto', 0],
    ['in memory once for all threads together', '2', 1],
  ])('is %s', async (_where, INFERENCE_THREADS, copies) => {
    const model = largeModel();
    const MODEL_PATH = writeBundle({ model, manifest: fixtureManifest(model) });
    const service = await startService({ ...REPORT, MODEL_PATH, INFERENCE_THREADS });
    // V8 gives memory back some time after a collection.
    await expect.poll(() => copiesInMemory(service), { timeout: 10_000 }).toBeCloseTo(copies, 0);
    expect(await service.stop()).toBe(0);
  });
});
