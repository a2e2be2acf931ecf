import { fileURLToPath } from 'node:url';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { readInferMessage } from './infer-message.js';

const INFERENCE = 'inference.GRPCInferenceService';
const HEALTH = 'grpc.health.v1.Health';
const REFLECTION = 'grpc.reflection.v1.ServerReflection';
/** Its messages are the same. Many clients know only this one. */
const REFLECTION_ALPHA = 'grpc.reflection.v1alpha.ServerReflection';

export const INFER_PATH = `/${INFERENCE}/ModelInfer`;
export const REFLECTION_PATHS: readonly string[] = [REFLECTION, REFLECTION_ALPHA].map(
  (name) => `/${name}/ServerReflectionInfo`,
);
/** The services whose health can be asked for. Empty stands for the whole server. */
export const HEALTH_OF: readonly string[] = ['', INFERENCE];

/** The services that are always served. */
export const SERVICE_NAMES: readonly string[] = [INFERENCE, HEALTH, REFLECTION];

export interface Protocols {
  readonly packages: readonly PackageDefinition[];
  readonly inference: ServiceDefinition;
  readonly health: ServiceDefinition;
  readonly reflections: readonly ServiceDefinition[];
}

/** Reads the protocols from the files beside this one. */
export function loadProtocols(): Protocols {
  const packages = ['inference.proto', 'health.proto', 'reflection.proto'].map(load);
  const serviceOf = (name: string): ServiceDefinition => {
    const found = packages.find((definition) => name in definition)?.[name];
    return found as ServiceDefinition;
  };
  const inference = serviceOf(INFERENCE);
  const reflection = serviceOf(REFLECTION);
  return {
    packages,
    inference: {
      ...inference,
      ModelInfer: { ...inference['ModelInfer'], requestDeserialize: readInferMessage },
    } as ServiceDefinition,
    health: serviceOf(HEALTH),
    reflections: REFLECTION_PATHS.map(
      (path) =>
        ({ ServerReflectionInfo: { ...reflection['ServerReflectionInfo'], path } }) as ServiceDefinition,
    ),
  };
}

function load(file: string): PackageDefinition {
  return loadSync(fileURLToPath(new URL(file, import.meta.url)), {
    keepCase: true,
    longs: Number,
    enums: String,
    defaults: true,
    oneofs: true,
  });
}
