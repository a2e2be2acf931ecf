import 'reflect-metadata';
import cluster from 'node:cluster';
import { setFlagsFromString } from 'node:v8';
import { Registry } from 'prom-client';
import { KnownApiKeys } from './access/known-api-keys.js';
import { warnIfOpen } from './access/open-service-warning.js';
import { forbidTelemetry } from './config/forbid-telemetry.js';
import { inheritSettings, loadSettings, SettingsError } from './config/load-settings.js';
import { type Log, openLog } from './log/logger.js';
import { warnOfMisspeltSettings } from './config/misspelt-settings.js';
import { workerCount } from './config/worker-count.js';
import { collectProcessMetrics } from './metrics/process-metrics.js';
import { ModelLoadError } from './bundle/model-load-error.js';
import { requireLogFolder } from './prediction-log/log-folder.js';

// Objects of a request are made in the young generation, whatever V8 has seen of earlier ones (decision 29).
setFlagsFromString('--no-allocation-site-pretenuring');
forbidTelemetry();

let log: Log | undefined;

/** One line for the operator, and the end. pino writes a fatal line before it returns. */
function fail(error: unknown): never {
  const isForOperator = error instanceof SettingsError || error instanceof ModelLoadError;
  // Settings that cannot be read leave it to us how the log looks.
  const { logger } = log ?? openLog({ logLevel: 'info', logFormat: 'auto', workers: 1 });
  logger.fatal(isForOperator ? {} : { err: error }, (error as Error).message);
  process.exit(1);
}

process.on('uncaughtException', fail);
try {
  const settings = cluster.isPrimary ? loadSettings() : inheritSettings();
  log = openLog(settings);
  const processes = workerCount(settings);
  const registry = new Registry();
  collectProcessMetrics(registry, log);
  if (cluster.isPrimary) {
    warnIfOpen(settings, log.logger);
    warnOfMisspeltSettings(log.logger);
    await requireLogFolder(settings);
  }
  if (cluster.isPrimary && processes > 1) {
    // A supervisor does not serve, so it does not load Nest and onnxruntime.
    const { Supervisor } = await import('./process/cluster/supervisor.js');
    const { RecordedCounts } = await import('./monitoring/counts-over-time.js');
    const apiKeys = new KnownApiKeys(settings, log.logger);
    await new Supervisor(settings, log, registry, apiKeys, (metrics) => new RecordedCounts(metrics)).start(
      processes,
    );
  } else {
    const { serve } = await import('./process/serve.js');
    await serve(settings, log, registry);
  }
} catch (error) {
  // A write that is under way could come after the fatal line, which is to be the last.
  await log?.flush();
  fail(error);
}
