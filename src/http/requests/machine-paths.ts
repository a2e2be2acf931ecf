/** The paths of probes, which have no API key. Those below /v2 are the Open Inference Protocol's, and the last two gRPC's. */
export const PROBE_PATHS =
  /^(\/v2)?\/health(\/|$)|^\/grpc\.health\.v1\.Health\/|^\/inference\.GRPCInferenceService\/Server(Live|Ready)$/i;

/** The path that Prometheus scrapes. */
export const METRICS_PATH = /^\/metrics\/?$/i;

/**
 * Whether machines ask for the path many times a minute. Such a path is answered under any load and is not traced. Its
 * log lines would hide the others.
 */
export function isAskedByMachines(path: string): boolean {
  return PROBE_PATHS.test(path) || METRICS_PATH.test(path);
}
