import type { NestExpressApplication } from '@nestjs/platform-express';
import { FrameworkLogger } from './common/framework-logger.js';
import { LatencyInterceptor } from './common/latency.interceptor.js';
import { ProblemDetailsFilter } from './common/problem/problem-details.filter.js';
import { requestContext } from './common/request-context.js';
import { RequestLog } from './common/request-log.js';
import { ValidationPipe } from './common/validation.pipe.js';
import { Settings } from './config/settings.js';
import { setupDocs } from './docs/docs.setup.js';

/** Everything that holds for every route. */
export function configureApp(app: NestExpressApplication): void {
  const { corsOrigins } = app.get(Settings);
  const requestLog = app.get(RequestLog);

  app.useLogger(app.get(FrameworkLogger));
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(
    requestContext((context, request, response) => {
      if (!context.handled) {
        requestLog.write(context, request, response);
      }
    }),
  );
  app.enableCors({
    origin: corsOrigins.includes('*') ? '*' : [...corsOrigins],
    exposedHeaders: ['X-Request-Id'],
  });
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(new ProblemDetailsFilter());
  app.useGlobalInterceptors(new LatencyInterceptor(requestLog));
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  setupDocs(app);
}
