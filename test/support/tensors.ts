/** A tensor as a client of the Open Inference Protocol sends it. */
export interface SentTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly bytes: Buffer;
}

export interface AnsweredTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly parameters?: { readonly binary_data_size: number };
  readonly data?: readonly unknown[];
}

export const JSON_LENGTH = 'Inference-Header-Content-Length';

/** A request with binary data behind its JSON, and the header that tells where it begins. */
export function binaryRequest(
  inputs: readonly SentTensor[],
  rest: object = {},
): { body: Buffer<ArrayBuffer>; headers: Record<string, string> } {
  const described = inputs.map(({ bytes, ...tensor }) => ({
    ...tensor,
    parameters: { binary_data_size: bytes.length },
  }));
  const json = Buffer.from(JSON.stringify({ inputs: described, ...rest }));
  return {
    body: Buffer.concat([json, ...inputs.map(({ bytes }) => bytes)]),
    headers: { 'Content-Type': 'application/octet-stream', [JSON_LENGTH]: String(json.length) },
  };
}

/** The bytes of an array of numbers. */
export function bytesOf(values: NodeJS.TypedArray): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

/** The bytes of texts, each after its length. */
export function bytesOfTexts(texts: readonly string[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => {
      const bytes = Buffer.from(text);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
}

/** The outputs of an answer, with their bytes where they came as binary data. */
export async function outputsOf(
  response: Response,
): Promise<Map<string, AnsweredTensor & { bytes: Buffer }>> {
  const body = Buffer.from(await response.arrayBuffer());
  let position = Number(response.headers.get(JSON_LENGTH) ?? body.length);
  const { outputs } = JSON.parse(body.subarray(0, position).toString()) as {
    outputs: readonly AnsweredTensor[];
  };
  const found = outputs.map((output) => {
    const start = position;
    position += output.parameters?.binary_data_size ?? 0;
    return [output.name, { ...output, bytes: body.subarray(start, position) }] as const;
  });
  if (position !== body.length) {
    throw new Error(`${body.length - position} bytes of the answer belong to no output.`);
  }
  return new Map(found);
}

/** The doubles of an output that came as binary data. */
export function doublesOf({ bytes }: { readonly bytes: Buffer }): number[] {
  return Array.from({ length: bytes.length / 8 }, (_, index) => bytes.readDoubleLE(8 * index));
}
