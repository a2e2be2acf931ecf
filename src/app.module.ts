import { type DynamicModule, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import { AccessModule } from './access/access.module.js';
import type { ApiKeys } from './access/api-keys.js';
import { corsOptions } from './access/cors-options.js';
import type { ModelBundle } from './bundle/model-bundle.js';
import { BulkModule } from './bulk/bulk.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Settings } from './config/settings.js';
import { HealthModule } from './health/health.module.js';
import { HttpModule } from './http/http.module.js';
import { LogModule } from './log/log.module.js';
import { type MetricsOptions, MetricsModule } from './metrics/metrics.module.js';
import { ModelInfoModule } from './model-info/model-info.module.js';
import { ModelModule } from './model/model.module.js';
import { DOCS_PATHS } from './openapi/docs.setup.js';
import { ExplanationModule } from './explanation/explanation.module.js';
import type { CountsOverTime } from './monitoring/counts-over-time.js';
import { InferenceProtocolModule } from './inference-protocol/inference-protocol.module.js';
import { inferBodyLimitBytes } from './inference-protocol/rest/infer-body-limit.js';
import { MonitoringModule } from './monitoring/monitoring.module.js';
import { bodyLimitBytes } from './prediction/body-limit.js';
import { contractDtos } from './prediction/contract-dtos.js';
import { PredictionModule } from './prediction/prediction.module.js';
import { PredictionLogModule } from './prediction-log/prediction-log.module.js';
import { ShadowModule } from './shadow/shadow.module.js';
import { TracingModule } from './tracing/tracing.module.js';

export interface AppOptions {
  readonly settings: Settings;
  readonly bundle: ModelBundle;
  readonly logger: Logger;
  readonly apiKeys: ApiKeys;
  readonly metrics: MetricsOptions;
  readonly countsOverTime: CountsOverTime;
}

/** The whole house. */
@Module({})
export class AppModule {
  static forRoot({ settings, bundle, logger, apiKeys, metrics, countsOverTime }: AppOptions): DynamicModule {
    const limitBytes = bodyLimitBytes(settings, bundle.contract);
    const dtos = contractDtos(bundle);
    return {
      module: AppModule,
      // They end in the reverse order: the last request is logged before its model is released and its trace is sent.
      imports: [
        ConfigModule.forRoot(settings),
        LogModule.forRoot(logger),
        TracingModule.forRoot(logger),
        ModelModule.forBundle(bundle),
        HttpModule.forRoot({ cors: corsOptions(settings), bodyLimitBytes: limitBytes }),
        AccessModule.forRoot(apiKeys, DOCS_PATHS),
        PredictionModule.forContract(dtos, limitBytes),
        BulkModule.forBundle(bundle),
        ExplanationModule.forContract(dtos, limitBytes),
        InferenceProtocolModule.forBundle(bundle, inferBodyLimitBytes(settings, bundle.contract)),
        ...(settings.grpcPort === 'off' ? [] : [loadGrpc()]),
        ...(settings.shadowModelPath === '' ? [] : [ShadowModule]),
        ...(settings.predictionLog ? [PredictionLogModule] : []),
        ModelInfoModule,
        MonitoringModule.forCounts(countsOverTime),
        HealthModule,
        MetricsModule.forRoot(metrics),
      ],
    };
  }
}

/** gRPC takes long to load, and memory, so that only those pay who want it. */
async function loadGrpc(): Promise<DynamicModule> {
  const { GrpcModule } = await import('./inference-protocol/grpc/grpc.module.js');
  return { module: GrpcModule };
}
