/**
 * Keeps onnxruntime from telling Microsoft which graph is run and where, which its official builds do by default (decision 33).
 *
 * To be called on the main thread before the first session: onnxruntime looks once, and what a thread sets reaches only itself.
 */
export function forbidTelemetry(): void {
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
}
