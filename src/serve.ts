import cluster from 'node:cluster';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Registry } from 'prom-client';
import { ApiKeys } from './access/api-keys.js';
import { KnownApiKeys } from './access/known-api-keys.js';
import { renewOnHangUp } from './access/renew-on-hang-up.js';
import { AppModule } from './app.module.js';
import { configureApp } from './app.setup.js';
import { obeySupervisor, type SupervisorLink } from './cluster/worker-duties.js';
import { ConnectionDrain } from './common/connection/connection-drain.js';
import type { Log } from './common/log/logger.js';
import type { Settings } from './config/settings.js';
import { HttpAdapter } from './http-adapter.js';
import { listen } from './listen.js';
import { ModelService } from './model/model.service.js';
import { Shutdown } from './shutdown.js';
import { startSummary } from './start-summary.js';
import { NO_TRACER } from './tracing/no-tracer.js';
import type { Tracer } from './tracing/tracer.js';

/** Serves from this process until a signal, or its supervisor, ends it. */
export async function serve(settings: Settings, log: Log, registry: Registry): Promise<void> {
  const shutdown = new Shutdown(log, settings.shutdownDelayMs);
  const apiKeys = new ApiKeys(settings);
  const keysGiven = Promise.withResolvers<undefined>();
  if (cluster.isWorker) {
    // A terminal that hangs up sends the signal to each process. The supervisor sees to it.
    process.on('SIGHUP', () => undefined);
  } else {
    const known = new KnownApiKeys(settings, log.logger);
    apiKeys.use(known.known);
    renewOnHangUp(known, apiKeys, log.logger);
    keysGiven.resolve(undefined);
  }
  let supervisor: SupervisorLink | undefined;
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.forRoot(settings, log.logger, {
      registry,
      report: { text: () => (supervisor ?? registry).metrics() },
      isServed: settings.metricsAccess !== 'off',
    }),
    new HttpAdapter(settings),
    { abortOnError: false, bodyParser: false, bufferLogs: true },
  );
  const tracer = settings.otelExporterOtlpEndpoint === '' ? NO_TRACER : await openTelemetry(log);
  configureApp(app, apiKeys, tracer);
  const model = app.get(ModelService);
  const connections = app.get(ConnectionDrain);
  shutdown.ends({
    leave: () => {
      model.drain();
      connections.closeAfterAnswers();
    },
    // Its interface leaves out that Nest hands the signal on to the shutdown hooks.
    close: async (signal) => {
      await (app as { close(signal: string): Promise<void> }).close(signal);
      await Promise.all([supervisor?.lastMetrics(await registry.getMetricsAsJSON()), tracer.close()]);
    },
  });
  if (cluster.isWorker) {
    supervisor = obeySupervisor({
      stallTimeoutMs: settings.stallTimeoutMs,
      isStalled: () => model.isStalled,
      calls: {
        retire: () => {
          log.logger.info('retiring: another worker takes over');
          void shutdown.after(connections.retire());
        },
        metrics: () => registry.getMetricsAsJSON(),
        useApiKeys: (keys) => {
          apiKeys.use(keys);
          keysGiven.resolve(undefined);
        },
      },
    });
  }
  await app.init();
  await keysGiven.promise;
  const url = await listen(app.getHttpServer(), settings);
  log.logger.info({ url }, 'listening');
  const summary = startSummary({
    url,
    model: model.loaded,
    areKeysRequired: apiKeys.areRequired,
    settings,
  });
  if (supervisor === undefined) {
    log.announce?.(summary);
  } else {
    supervisor.serves(summary);
  }
}

/** The SDK takes long to load, and much memory, so that only those pay who want it. */
async function openTelemetry({ logger }: Log): Promise<Tracer> {
  const { startOpenTelemetry } = await import('./tracing/open-telemetry.js');
  return startOpenTelemetry(logger);
}
