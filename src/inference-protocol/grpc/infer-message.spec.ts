import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DATATYPES } from '../datatype.js';
import { readInferMessage } from './infer-message.js';
import { loadProtocols } from './protocols.js';
import { valuesOfContents } from './typed-contents.js';
import { WireError } from './wire-reader.js';

const { inference } = loadProtocols();
const serialize = (message: object): Buffer =>
  Buffer.from(inference['ModelInfer']?.requestSerialize(message) ?? []);

const input = fc.record({
  name: fc.string(),
  datatype: fc.constantFrom(...DATATYPES),
  shape: fc.array(fc.maxSafeInteger(), { maxLength: 3 }),
  parameters: fc.constant({ priority: { int64_param: 1 } }),
});

describe('readInferMessage', () => {
  it('reads what a library for Protocol Buffers writes', () => {
    const message = fc.record({
      model_name: fc.string(),
      model_version: fc.string(),
      id: fc.string(),
      inputs: fc.array(input, { maxLength: 4 }),
      outputs: fc.array(fc.record({ name: fc.string() }), { maxLength: 4 }),
      raw_input_contents: fc.array(
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        { maxLength: 4 },
      ),
    });
    fc.assert(
      fc.property(message, (sent) => {
        // A map stands in the file as the entries that it consists of.
        const inputs = sent.inputs.map(({ name, datatype, shape }) => ({ name, datatype, shape }));
        const read = readInferMessage(serialize({ ...sent, inputs }));
        expect(read).toMatchObject({
          modelName: sent.model_name,
          modelVersion: sent.model_version,
          id: sent.id,
        });
        expect(read.inputs).toEqual(inputs.map((each) => ({ ...each, contents: undefined })));
        expect(read.outputs).toEqual(sent.outputs.map(({ name }) => name));
        expect(read.rawContents).toEqual(sent.raw_input_contents);
      }),
    );
  });

  it.each([
    ['INT32', 'int_contents', fc.integer()],
    ['INT64', 'int64_contents', fc.maxSafeInteger()],
    ['UINT32', 'uint_contents', fc.nat(2 ** 32 - 1)],
    ['UINT64', 'uint64_contents', fc.maxSafeNat()],
    ['FP32', 'fp32_contents', fc.float()],
    ['FP64', 'fp64_contents', fc.double()],
  ] as const)('reads the elements of %s', (datatype, field, element) => {
    fc.assert(
      fc.property(fc.array<number>(element), (elements) => {
        const [read] = readInferMessage(
          serialize({ inputs: [{ name: 'x', datatype, contents: { [field]: elements } }] }),
        ).inputs;
        const contents = read?.contents ?? Buffer.alloc(0);
        const values = valuesOfContents({ name: 'x', datatype, count: elements.length, contents });
        expect(values).toEqual(Float64Array.from(elements));
      }),
    );
  });

  it('ends with an error of its own, whatever bytes come', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          readInferMessage(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
    );
  });
});
