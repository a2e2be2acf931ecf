import cluster from 'node:cluster';
import { resolve } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { ApiKeys } from '../access/api-keys.js';
import { KnownApiKeys } from '../access/known-api-keys.js';
import { renewOnHangUp } from '../access/renew-on-hang-up.js';
import { AppModule } from '../app.module.js';
import { BulkService } from '../bulk/bulk.service.js';
import { type ModelBundle, readModelBundle } from '../bundle/model-bundle.js';
import { SERVICE_VERSION } from '../config/service-version.js';
import type { Settings } from '../config/settings.js';
import { urlSchemeOf } from '../config/url-scheme.js';
import { ConnectionDrain } from '../http/connections/connection-drain.js';
import { TlsRenewal } from '../http/connections/tls-renewal.js';
import { HttpAdapter } from '../http/http-adapter.js';
import { GRPC_PORT, type GrpcPort } from '../inference-protocol/grpc-port.js';
import type { Log } from '../log/logger.js';
import { missingManifest } from '../model/missing-manifest.js';
import { ModelService } from '../model/model.service.js';
import { RecordedCounts } from '../monitoring/counts-over-time.js';
import { SupervisorLink } from './cluster/supervisor-link.js';
import { configureApp } from './configure-app.js';
import { listen, LISTENING_SOCKETS } from './listen.js';
import { Shutdown } from './shutdown.js';
import { startSummary } from './start-summary.js';

/** Serves from this process until a signal, or its supervisor, ends it. */
export async function serve(settings: Settings, log: Log, registry: Registry): Promise<void> {
  const { logger } = log;
  const shutdown = new Shutdown(log, settings.shutdownDelayMs);
  const apiKeys = new ApiKeys(settings);
  const supervisor = cluster.isWorker ? linkToSupervisor(settings, registry, apiKeys) : undefined;
  if (supervisor === undefined) {
    renewOnHangUp(new KnownApiKeys(settings, logger), apiKeys, logger);
  }
  const bundle = await readBundle(settings, logger);
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.forRoot({
      settings,
      bundle,
      logger,
      apiKeys,
      metrics: {
        registry,
        report: { text: () => (supervisor ?? registry).metrics() },
        isServed: settings.metricsAccess !== 'off',
      },
      countsOverTime: supervisor ?? new RecordedCounts(() => registry.getMetricsAsJSON()),
    }),
    new HttpAdapter(settings),
    { abortOnError: false, bodyParser: false, bufferLogs: true },
  );
  configureApp(app);
  const { host, port, grpcPort } = settings;
  const grpc = grpcPort === 'off' ? undefined : app.get<GrpcPort>(GRPC_PORT, { strict: false });
  if (supervisor === undefined) {
    app.get(TlsRenewal).renewOnHangUp(grpc?.server);
  }
  const model = app.get(ModelService);
  const connections = app.get(ConnectionDrain);
  supervisor?.sendHeartbeats(() => model.isStalled);

  await app.init();
  await supervisor?.apiKeysGiven;
  await supervisor?.requireSameContract(bundle.contract, settings.modelPath);
  if (shutdown.hasBegun) {
    // The process ends as soon as its log is written, and must take no connection until then.
    return;
  }
  shutdown.register({
    leave: () => {
      model.drain();
      connections.closeAfterAnswers();
    },
    close: async (signal) => {
      // Its interface leaves out that Nest hands the signal on to the shutdown hooks.
      await (app as { close(signal: string): Promise<void> }).close(signal);
      await supervisor?.sendLastMetrics();
    },
  });
  // The supervisor takes the connections of its workers.
  const socketCount = supervisor === undefined ? LISTENING_SOCKETS : 1;
  const url = `${urlSchemeOf(settings)}://${await listen(app.getHttpServer(), { host, port, setting: 'PORT', socketCount })}`;
  const grpcAddress =
    grpc &&
    (await listen(grpc.server, { host, port: Number(grpcPort), setting: 'GRPC_PORT', socketCount: 1 }));
  void supervisor?.retired.then(() => {
    logger.info('retiring: another worker takes over');
    const retired = Promise.all([connections.retire(), grpc?.retire()]);
    return shutdown.closeWhen(retired.then(async () => app.get(BulkService).idle()));
  });
  logger.info({ url, grpc_address: grpcAddress, service_version: SERVICE_VERSION }, 'listening');
  const { areRequired: areKeysRequired } = apiKeys;
  const summary = startSummary({ url, grpcAddress, model: model.loaded, areKeysRequired, settings });
  if (supervisor === undefined) {
    log.announce?.(summary);
  } else {
    if (log.announce !== undefined) {
      // Each process writes its own lines. The supervisor's summary is to come after all of them.
      await log.flush();
    }
    supervisor.serves(summary);
  }
}

async function readBundle(
  { modelPath, allowUnverifiedModel: allowUnverified }: Settings,
  logger: Logger,
): Promise<ModelBundle> {
  const path = resolve(modelPath);
  logger.info({ path }, 'loading model');
  return readModelBundle(path, { allowUnverified, missingManifest });
}

function linkToSupervisor(
  { stallTimeoutMs }: Settings,
  registry: Registry,
  apiKeys: ApiKeys,
): SupervisorLink {
  // A terminal that hangs up sends the signal to each process. The supervisor handles it.
  process.on('SIGHUP', () => undefined);
  return new SupervisorLink({
    stallTimeoutMs,
    registry,
    useApiKeys: (keys) => {
      apiKeys.use(keys);
    },
  });
}
