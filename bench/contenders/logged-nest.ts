import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LoggerModule } from 'nestjs-pino';
import { Registry } from 'prom-client';
import { ConnectionDrain } from '../../src/http/connections/connection-drain.js';
import { openLog } from '../../src/log/logger.js';
import { LatencyInterceptor } from '../../src/http/requests/latency.interceptor.js';
import { RequestContextMiddleware } from '../../src/http/requests/request-context.middleware.js';
import { RequestLog } from '../../src/http/requests/request-log.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadSettings } from '../../src/config/load-settings.js';
import { HttpMetrics } from '../../src/http/http.metrics.js';
import { NO_TRACER } from '../../src/tracing/no-tracer.js';
import { TRACER } from '../../src/tracing/tracer.js';
import { EchoController } from './echo.controller.js';

const settings = loadSettings();
const { logger } = openLog(settings);

/** Nest with its defaults and nothing in it but the service's own request log. */
@Module({
  imports: [ConfigModule.forRoot(settings), LoggerModule.forRoot({ pinoHttp: { logger }, forRoutes: [] })],
  controllers: [EchoController],
  providers: [
    { provide: Registry, useValue: new Registry() },
    HttpMetrics,
    RequestLog,
    ConnectionDrain,
    RequestContextMiddleware,
    { provide: TRACER, useValue: NO_TRACER },
  ],
})
class LoggedModule {}

const app = await NestFactory.create(LoggedModule, { logger: false });
const requestLog = app.get(RequestLog);
const context = app.get(RequestContextMiddleware);
app.use(context.use.bind(context));
app.useGlobalInterceptors(new LatencyInterceptor(requestLog));
await app.listen(settings.port, settings.host);
