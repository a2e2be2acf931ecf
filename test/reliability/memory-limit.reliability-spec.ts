import { describe, expect, it } from 'vitest';
import { fixtureManifest, readFixture, writeBundle } from '../support/bundle.js';
import { type LogLine, type Service, startService } from '../support/service.js';
import { CAN_LIMIT_MEMORY, limitMemory } from '../support/memory-limit.js';

const MEBIBYTE = 2 ** 20;
const TEXT_BYTES = 64 * MEBIBYTE;
const LARGE = 'the model will hardly fit into memory';

/** A graph with a long `doc_string`, which is field 6 of an ONNX file: a tag, the length in groups of 7 bits, the text. */
function largeModel(): Buffer {
  const tagAndLength = Buffer.of((6 << 3) | 2, 0x80, 0x80, 0x80, TEXT_BYTES >> 21);
  return Buffer.concat([readFixture('matrix_float32'), tagAndLength, Buffer.alloc(TEXT_BYTES, 'x')]);
}

function startWithin(limitBytes: number, environment = {}): Promise<Service> {
  return startService(environment, undefined, { setUp: limitMemory(limitBytes) });
}

function memoryLine({ process }: Service): LogLine | undefined {
  return process.lines.find((line) => 'memory_limit_bytes' in line);
}

describe.runIf(CAN_LIMIT_MEMORY)('in a container with a memory limit', () => {
  it('the service says that the model fits, and how much it will take', async () => {
    const service = await startWithin(512 * MEBIBYTE);
    expect(memoryLine(service)).toMatchObject({
      level: 'info',
      msg: 'the model fits into memory',
      memory_limit_bytes: 512 * MEBIBYTE,
    });
    expect(await service.stop()).toBe(0);
  });

  it('the service warns of a model that hardly fits, before it loads it', async () => {
    const model = largeModel();
    const MODEL_PATH = writeBundle({ model, manifest: fixtureManifest(model) });
    const service = await startWithin(390 * MEBIBYTE, { MODEL_PATH, INFERENCE_THREADS: '0' });
    const line = memoryLine(service);
    expect(line).toMatchObject({ level: 'warn', memory_limit_bytes: 390 * MEBIBYTE });
    expect(line?.msg).toMatch(new RegExp(`^${LARGE}.*raise the limit to \\d+ MiB or more`));
    const messages = service.process.lines.map(({ msg }) => msg);
    expect(messages.slice(0, 3)).toEqual(['loading model', line?.msg, 'model loaded']);
    expect(await service.stop()).toBe(0);
  });
});
