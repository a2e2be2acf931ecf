import type { NestExpressApplication } from '@nestjs/platform-express';
import { ConnectionDrain } from './common/connection/connection-drain.js';
import { ConnectionLimit } from './common/connection/connection-limit.js';
import { answerRefusedConnections } from './common/connection/refused-connection.js';
import { FrameworkLogger } from './common/log/framework-logger.js';
import { ProblemDetailsFilter } from './common/problem/problem-details.filter.js';
import { answerPreflight } from './common/request/cors-preflight.js';
import { LatencyInterceptor } from './common/request/latency.interceptor.js';
import { REQUEST_ID_HEADER } from './common/request/request-context.js';
import { requestContextMiddleware } from './common/request/request-context.middleware.js';
import { RequestLog } from './common/request/request-log.js';
import { requireHost } from './common/request/required-host.js';
import { ValidationPipe } from './common/validation/validation.pipe.js';
import { Settings } from './config/settings.js';
import { setupDocs } from './docs/docs.setup.js';
import { CustomerBatchDto } from './prediction/dto/customer-batch.dto.js';
import { CustomerDto } from './prediction/dto/customer.dto.js';
import { ModelErrorFilter } from './prediction/model-error.filter.js';

/** Everything that holds for every route. */
export function configureApp(app: NestExpressApplication): void {
  const { corsOrigins } = app.get(Settings);
  const requestLog = app.get(RequestLog);
  const connectionDrain = app.get(ConnectionDrain);

  app.useLogger(app.get(FrameworkLogger));
  app.disable('x-powered-by');
  app.set('etag', false);
  connectionDrain.watch(app.getHttpServer());
  app.get(ConnectionLimit).watch(app.getHttpServer());
  answerRefusedConnections(app.getHttpServer(), requestLog, connectionDrain);
  app.use(requestContextMiddleware(requestLog, connectionDrain));
  app.use(requireHost);
  app.enableCors({
    origin: corsOrigins.includes('*') ? '*' : [...corsOrigins],
    methods: ['GET', 'HEAD', 'POST'],
    exposedHeaders: [REQUEST_ID_HEADER],
    preflightContinue: true,
  });
  app.use(answerPreflight);
  app.useGlobalPipes(new ValidationPipe([CustomerDto, CustomerBatchDto]));
  const problems = new ProblemDetailsFilter();
  // The last one comes first.
  app.useGlobalFilters(problems, new ModelErrorFilter(problems));
  app.useGlobalInterceptors(new LatencyInterceptor(requestLog));
  setupDocs(app);
}
