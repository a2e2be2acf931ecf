import cluster from 'node:cluster';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Registry } from 'prom-client';
import { ApiKeys } from '../access/api-keys.js';
import { renewOnHangUp } from '../access/renew-on-hang-up.js';
import { AppModule } from '../app.module.js';
import { configureApp } from './configure-app.js';
import { obeySupervisor, type SupervisorLink } from './cluster/worker-duties.js';
import { ConnectionDrain } from '../http/connections/connection-drain.js';
import type { Log } from '../log/logger.js';
import type { Settings } from '../config/settings.js';
import { HttpAdapter } from '../http/http-adapter.js';
import { listen } from './listen.js';
import { ModelService } from '../model/model.service.js';
import { Shutdown } from './shutdown.js';
import { startSummary } from './start-summary.js';

/** Serves from this process until a signal, or its supervisor, ends it. */
export async function serve(settings: Settings, log: Log, registry: Registry): Promise<void> {
  const shutdown = new Shutdown(log, settings.shutdownDelayMs);
  const apiKeys = new ApiKeys(settings);
  renewOnHangUp(apiKeys, log.logger, cluster.isWorker);
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
  configureApp(app, apiKeys);
  const model = app.get(ModelService);
  const connections = app.get(ConnectionDrain);
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
      },
    });
  }
  await app.init();
  const url = await listen(app.getHttpServer(), settings);
  shutdown.ends({
    leave: () => {
      model.drain();
      connections.closeAfterAnswers();
    },
    // Its interface leaves out that Nest hands the signal on to the shutdown hooks.
    close: async (signal) => {
      await (app as { close(signal: string): Promise<void> }).close(signal);
      await supervisor?.lastMetrics(await registry.getMetricsAsJSON());
    },
  });
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
