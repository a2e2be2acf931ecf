import { createHash } from 'node:crypto';

/** An ONNX file in memory, until somebody takes its bytes: a large model would stay in memory twice. */
export class OnnxFile {
  readonly sha256: string;
  private bytes: Uint8Array | undefined;

  constructor(
    readonly path: string,
    bytes: Uint8Array,
  ) {
    this.sha256 = createHash('sha256').update(bytes).digest('hex');
    this.bytes = bytes;
  }

  /** The bytes, once. */
  take(): Uint8Array {
    const { bytes } = this;
    if (bytes === undefined) {
      throw new Error(`The bytes of ${this.path} are already taken.`);
    }
    this.bytes = undefined;
    return bytes;
  }
}
