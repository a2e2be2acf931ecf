import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LoggerModule } from 'nestjs-pino';
import { Registry } from 'prom-client';
import { ConnectionDrain } from '../../src/common/connection/connection-drain.js';
import { openLog } from '../../src/common/log/logger.js';
import { LatencyInterceptor } from '../../src/common/request/latency.interceptor.js';
import { requestContextMiddleware } from '../../src/common/request/request-context.middleware.js';
import { RequestLog } from '../../src/common/request/request-log.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadSettings } from '../../src/config/load-settings.js';
import { HttpMetrics } from '../../src/metrics/http.metrics.js';
import { beginTraceWith } from '../../src/tracing/begin-trace.js';
import { NO_TRACER } from '../../src/tracing/no-tracer.js';
import { EchoController } from './echo.controller.js';

const settings = loadSettings();
const { logger } = openLog(settings);

/** Nest with its defaults and nothing in it but the service's own request log. */
@Module({
  imports: [ConfigModule.forRoot(settings), LoggerModule.forRoot({ pinoHttp: { logger }, forRoutes: [] })],
  controllers: [EchoController],
  providers: [{ provide: Registry, useValue: new Registry() }, HttpMetrics, RequestLog, ConnectionDrain],
})
class LoggedModule {}

const app = await NestFactory.create(LoggedModule, { logger: false });
const requestLog = app.get(RequestLog);
app.use(requestContextMiddleware(requestLog, app.get(ConnectionDrain), beginTraceWith(NO_TRACER, [])));
app.useGlobalInterceptors(new LatencyInterceptor(requestLog));
await app.listen(settings.port, settings.host);
