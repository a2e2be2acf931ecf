import {
  type CallOptions,
  type ChannelCredentials,
  type Client,
  type ClientReadableStream,
  type ClientUnaryCall,
  credentials,
  makeGenericClientConstructor,
  Metadata,
  type MetadataValue,
  type ServiceDefinition,
  type ServiceError,
  type StatusObject,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { onTestFinished } from 'vitest';
import type { Service } from './service.js';
import { bytesOf } from './tensors.js';

const PROTOCOLS = 'src/inference-protocol/grpc';
const OPTIONS = { keepCase: true, longs: Number, enums: String, defaults: true };

export const INFERENCE = 'inference.GRPCInferenceService';
const HEALTH = 'grpc.health.v1.Health';
const DEFINITIONS = {
  ...loadSync(`${PROTOCOLS}/inference.proto`, OPTIONS),
  ...loadSync(`${PROTOCOLS}/health.proto`, OPTIONS),
};

/** How a call ended. */
export interface Ended {
  readonly code: number;
  readonly details: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface InferAnswer {
  readonly model_name: string;
  readonly model_version: string;
  readonly id: string;
  readonly outputs: readonly {
    readonly name: string;
    readonly datatype: string;
    readonly shape: readonly number[];
    readonly contents: Readonly<Record<string, readonly unknown[]>> | null;
  }[];
  readonly raw_output_contents: readonly Buffer[];
}

export interface CallWishes extends CallOptions {
  readonly metadata?: Readonly<Record<string, string>>;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  /** Gets what comes after the answer. */
  readonly onTrailers?: (trailers: Readonly<Record<string, MetadataValue>>) => void;
}

type UnaryMethod = (
  request: object,
  metadata: Metadata,
  options: CallOptions,
  callback: (error: ServiceError | null, answer?: unknown) => void,
) => ClientUnaryCall;

/** A connection of its own to the port of gRPC. It is closed after the test. */
export class GrpcClient {
  private readonly inference: Client;
  private readonly health: Client;

  constructor(address: string, channel: ChannelCredentials = credentials.createInsecure()) {
    const options = {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.max_receive_message_length': -1,
      // Node does not let an address be one.
      'grpc.ssl_target_name_override': 'localhost',
    };
    const make = (name: string): Client => {
      const Service = makeGenericClientConstructor(DEFINITIONS[name] as ServiceDefinition, name);
      return new Service(address, channel, options);
    };
    this.inference = make(INFERENCE);
    this.health = make(HEALTH);
  }

  static of(service: Service, channel?: ChannelCredentials): GrpcClient {
    const client = new GrpcClient(grpcAddressOf(service), channel);
    onTestFinished(() => {
      client.close();
    });
    return client;
  }

  async infer(request: object, wishes?: CallWishes): Promise<InferAnswer> {
    return (await this.call('ModelInfer', { model_name: 'churn_model', ...request }, wishes)) as InferAnswer;
  }

  async check(service = ''): Promise<unknown> {
    return call(this.health, 'Check', { service });
  }

  watch(service = ''): ClientReadableStream<{ status: string }> {
    const stub = this.health as unknown as Record<string, (request: object) => unknown>;
    return stub['Watch']?.({ service }) as ClientReadableStream<{ status: string }>;
  }

  /** @throws {ServiceError} */
  async call(method: string, request: object = {}, wishes?: CallWishes): Promise<unknown> {
    return call(this.inference, method, request, wishes);
  }

  close(): void {
    this.inference.close();
    this.health.close();
  }
}

async function call(
  client: Client,
  method: string,
  request: object,
  { metadata = {}, signal, onTrailers, ...options }: CallWishes = {},
): Promise<unknown> {
  const sent = new Metadata();
  for (const [name, value] of Object.entries(metadata)) {
    sent.set(name, value);
  }
  return new Promise((resolve, reject) => {
    const stub = client as unknown as Record<string, UnaryMethod>;
    const running = stub[method]?.(request, sent, options, (error, answer) => {
      if (error === null) {
        resolve(answer);
      } else {
        reject(error);
      }
    });
    signal?.addEventListener('abort', () => running?.cancel());
    running?.on('status', ({ metadata: trailers }: StatusObject) => onTrailers?.(trailers.getMap()));
  });
}

export function grpcAddressOf({ process }: Service): string {
  const line = process.lines.find(({ msg }) => msg === 'listening');
  return String(line?.['grpc_address']);
}

/** How a call failed. */
export async function failureOf(answer: Promise<unknown>): Promise<Ended> {
  try {
    await answer;
  } catch (error) {
    const { code, details, metadata } = error as ServiceError;
    return { code, details, metadata: metadata.getMap() };
  }
  throw new Error('The call did not fail.');
}

/** A request of this many rows of the same customer, as one raw matrix. */
export function rawMatrix(row: readonly number[], rowCount: number): object {
  const values = new Float32Array(row.length * rowCount);
  for (let index = 0; index < values.length; index++) {
    values[index] = row[index % row.length] ?? NaN;
  }
  return {
    inputs: [{ name: 'input-0', datatype: 'FP32', shape: [rowCount, row.length] }],
    raw_input_contents: [bytesOf(values)],
  };
}
