import { type INestApplication, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { Registry } from 'prom-client';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadSettings } from '../../src/config/load-settings.js';
import { ConnectionDrain } from '../../src/http/connections/connection-drain.js';
import { HttpMetrics } from '../../src/http/http.metrics.js';
import { LatencyInterceptor } from '../../src/http/requests/latency.interceptor.js';
import { RequestContextMiddleware } from '../../src/http/requests/request-context.middleware.js';
import { RequestLog } from '../../src/http/requests/request-log.js';
import { openLog } from '../../src/log/logger.js';
import { NO_TRACER } from '../../src/tracing/no-tracer.js';
import { TRACER } from '../../src/tracing/tracer.js';

const settings = loadSettings();
const { logger } = openLog(settings);

@Module({
  imports: [ConfigModule.forRoot(settings), LoggerModule.forRoot({ pinoHttp: { logger }, forRoutes: [] })],
  providers: [
    { provide: Registry, useValue: new Registry() },
    { provide: TRACER, useValue: NO_TRACER },
    ...[HttpMetrics, RequestLog, ConnectionDrain, RequestContextMiddleware],
  ],
})
export class RequestLogModule {}

export function addTo(app: INestApplication): void {
  const context = app.get(RequestContextMiddleware);
  app.use(context.use.bind(context));
  app.useGlobalInterceptors(new LatencyInterceptor(app.get(RequestLog)));
}
