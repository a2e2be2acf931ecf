import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { ConnectionModule } from './common/connection/connection.module.js';
import { FrameworkLogger } from './common/log/framework-logger.js';
import { RequestLog } from './common/request/request-log.js';
import { ConfigModule } from './config/config.module.js';
import type { Settings } from './config/settings.js';
import { HealthModule } from './health/health.module.js';
import { type MetricsOptions, MetricsModule } from './metrics/metrics.module.js';
import { ModelInfoModule } from './model-info/model-info.module.js';
import { ModelModule } from './model/model.module.js';
import { CUSTOMER_FEATURES } from './prediction/customer-features.js';
import { CustomerDto } from './prediction/dto/customer.dto.js';
import { PredictionModule } from './prediction/prediction.module.js';

/** The whole house. */
@Module({})
export class AppModule {
  static forRoot(settings: Settings, logger: Logger, metrics: MetricsOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(settings),
        // Without routes its middleware stays out: RequestLog writes the one line of each request.
        LoggerModule.forRoot({ pinoHttp: { logger }, forRoutes: [] }),
        ConnectionModule,
        ModelModule.forFeatures(CUSTOMER_FEATURES),
        PredictionModule,
        ModelInfoModule.forInput(CustomerDto),
        HealthModule,
        MetricsModule.forRoot(metrics),
      ],
      providers: [FrameworkLogger, RequestLog],
    };
  }
}
