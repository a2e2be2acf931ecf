import type { NestExpressApplication } from '@nestjs/platform-express';
import { accessMiddleware } from './access/access.middleware.js';
import type { ApiKeys } from './access/api-keys.js';
import { matches } from './access/path-access.js';
import { API_KEY_HEADER } from './access/presented-keys.js';
import { createRateLimit, RATE_LIMIT_HEADERS } from './access/rate-limit.js';
import { trustedProxies } from './access/trusted-proxies.js';
import { ConnectionDrain } from './common/connection/connection-drain.js';
import { ConnectionLimit } from './common/connection/connection-limit.js';
import { shedLoad } from './common/connection/load-shedding.js';
import { answerRefusedConnections } from './common/connection/refused-connection.js';
import { FrameworkLogger } from './common/log/framework-logger.js';
import { PROBLEMS } from './common/problem/problem-catalogue.js';
import { ProblemDetailsFilter } from './common/problem/problem-details.filter.js';
import { answerPreflight } from './common/request/cors-preflight.js';
import { LatencyInterceptor } from './common/request/latency.interceptor.js';
import { REQUEST_ID_HEADER } from './common/request/request-context.js';
import { requestContextMiddleware } from './common/request/request-context.middleware.js';
import { RequestLog } from './common/request/request-log.js';
import { requireHost } from './common/request/required-host.js';
import { ValidationPipe } from './common/validation/validation.pipe.js';
import { Settings } from './config/settings.js';
import { DOCS_PATHS, setupDocs } from './docs/docs.setup.js';
import { PROBE_PATHS } from './health/probe-paths.js';
import { HttpMetrics } from './metrics/http.metrics.js';
import { METRICS_PATH } from './metrics/metrics-path.js';
import { CustomerBatchDto } from './prediction/dto/customer-batch.dto.js';
import { CustomerDto } from './prediction/dto/customer.dto.js';
import { ModelErrorFilter } from './prediction/model-error.filter.js';
import { REQUEST_TIMEOUT_HEADER } from './prediction/request-budget.js';
import { beginTraceWith } from './tracing/begin-trace.js';
import type { Tracer } from './tracing/tracer.js';

/** Everything that holds for every route. */
export function configureApp(app: NestExpressApplication, apiKeys: ApiKeys, tracer: Tracer): void {
  const settings = app.get(Settings);
  const { corsOrigins, docsAccess, metricsAccess, maxEventLoopDelayMs } = settings;
  const rateLimit = createRateLimit(settings);
  const requestLog = app.get(RequestLog);
  const connectionDrain = app.get(ConnectionDrain);
  const connectionLimit = app.get(ConnectionLimit);
  const askedByMachines = [PROBE_PATHS, METRICS_PATH];

  app.useLogger(app.get(FrameworkLogger));
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', trustedProxies(settings));
  connectionDrain.watch(app.getHttpServer());
  connectionLimit.watch(app.getHttpServer());
  app.get(HttpMetrics).watch({
    problemCodes: Object.keys(PROBLEMS),
    requestsInFlight: () => connectionDrain.requestsInFlight,
    connections: () => connectionLimit.connectionCount,
  });
  shedLoad(app.getHttpServer(), {
    connectionLimit,
    requestLog,
    maxEventLoopDelayMs,
    exemptPaths: askedByMachines,
  });
  answerRefusedConnections(app.getHttpServer(), requestLog, connectionDrain);
  app.use(requestContextMiddleware(requestLog, connectionDrain, beginTraceWith(tracer, askedByMachines)));
  app.use(requireHost);
  app.enableCors({
    origin: corsOrigins.includes('*') ? '*' : [...corsOrigins],
    methods: ['GET', 'HEAD', 'POST'],
    allowedHeaders: [
      'Authorization',
      API_KEY_HEADER,
      'Content-Type',
      REQUEST_ID_HEADER,
      REQUEST_TIMEOUT_HEADER,
      'traceparent',
      'tracestate',
    ],
    exposedHeaders: [
      REQUEST_ID_HEADER,
      ...(apiKeys.areRequired ? ['WWW-Authenticate'] : []),
      ...(rateLimit === undefined ? [] : RATE_LIMIT_HEADERS),
    ],
    preflightContinue: true,
  });
  app.use(answerPreflight);
  const openPaths = [
    PROBE_PATHS,
    ...(docsAccess === 'open' ? [DOCS_PATHS] : []),
    ...(metricsAccess === 'open' ? [METRICS_PATH] : []),
  ];
  if (apiKeys.areRequired || rateLimit !== undefined) {
    app.use(accessMiddleware(apiKeys, rateLimit, { openPaths, pagePaths: [DOCS_PATHS] }));
  }
  app.useGlobalPipes(new ValidationPipe([CustomerDto, CustomerBatchDto]));
  const problems = new ProblemDetailsFilter();
  // The last one comes first.
  app.useGlobalFilters(problems, new ModelErrorFilter(problems));
  app.useGlobalInterceptors(new LatencyInterceptor(requestLog));
  if (docsAccess !== 'off') {
    setupDocs(app, {
      needsKey: (path) => apiKeys.areRequired && !matches(openPaths, path),
      isLimited: (path) => rateLimit !== undefined && !matches(openPaths, path),
    });
  }
}
