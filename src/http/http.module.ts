import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { ConnectionDrain } from './connections/connection-drain.js';
import { ConnectionLimit } from './connections/connection-limit.js';
import { LoadShedding } from './connections/load-shedding.js';
import { RefusedConnections } from './connections/refused-connections.js';
import { TlsHandshakes } from './connections/tls-handshakes.js';
import { TlsRenewal } from './connections/tls-renewal.js';
import { UnreadAnswers } from './connections/unread-answers.js';
import { HttpMetrics } from './http.metrics.js';
import { ProblemDetailsFilter } from './problems/problem-details.filter.js';
import { CorsHeaders, type CorsOptions } from './requests/cors-headers.js';
import { BODY_LIMIT_BYTES } from './requests/json-body.middleware.js';
import { LatencyInterceptor } from './requests/latency.interceptor.js';
import { RequestContextMiddleware } from './requests/request-context.middleware.js';
import { RequestLog } from './requests/request-log.js';

export interface HttpOptions {
  readonly cors: CorsOptions;
  readonly bodyLimitBytes: number;
}

/** Bounds and drains the connections, and gives each request an id, an answer and a log line. */
@Module({})
export class HttpModule {
  static forRoot({ cors, bodyLimitBytes }: HttpOptions): DynamicModule {
    return {
      module: HttpModule,
      global: true,
      providers: [
        { provide: CorsHeaders, useValue: new CorsHeaders(cors) },
        { provide: BODY_LIMIT_BYTES, useValue: bodyLimitBytes },
        { provide: APP_FILTER, useClass: ProblemDetailsFilter },
        { provide: APP_INTERCEPTOR, useClass: LatencyInterceptor },
        ConnectionDrain,
        ConnectionLimit,
        LoadShedding,
        RefusedConnections,
        TlsHandshakes,
        TlsRenewal,
        UnreadAnswers,
        HttpMetrics,
        RequestLog,
        RequestContextMiddleware,
      ],
      exports: [
        BODY_LIMIT_BYTES,
        ConnectionDrain,
        ConnectionLimit,
        CorsHeaders,
        LoadShedding,
        RequestContextMiddleware,
        RequestLog,
        TlsHandshakes,
      ],
    };
  }
}
