import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { accessMiddleware } from '../access/access.middleware.js';
import type { ApiKeys } from '../access/api-keys.js';
import { matches } from '../access/path-access.js';
import { createRateLimit } from '../access/rate-limit.js';
import { trustedProxies } from '../access/trusted-proxies.js';
import { Settings } from '../config/settings.js';
import { CorsHeaders } from '../http/requests/cors-headers.js';
import { answerPreflight } from '../http/requests/cors-preflight.js';
import { METRICS_PATH, PROBE_PATHS } from '../http/requests/machine-paths.js';
import { RequestContextMiddleware } from '../http/requests/request-context.middleware.js';
import { requireValidHead } from '../http/requests/request-head.js';
import { FrameworkLogger } from '../log/framework-logger.js';
import { DOCS_PATHS, setupDocs } from '../openapi/docs.setup.js';

/**
 * What holds for every route, and stands before Nest's own middleware and guards: those do not see the routes of the docs,
 * which are Express's, and guards come after the body is read.
 */
export function configureApp(app: NestExpressApplication, apiKeys: ApiKeys): void {
  const settings = app.get(Settings);
  const { docsAccess, metricsAccess } = settings;
  const context = app.get(RequestContextMiddleware);
  const corsHeaders = app.get(CorsHeaders);
  const rateLimit = createRateLimit(settings);
  const openPaths = [
    PROBE_PATHS,
    ...(docsAccess === 'open' ? [DOCS_PATHS] : []),
    ...(metricsAccess === 'open' ? [METRICS_PATH] : []),
  ];
  app.useLogger(app.get(FrameworkLogger));
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', trustedProxies(settings));
  app.use(context.use.bind(context));
  app.use((request: Request, response: Response, next: NextFunction) => {
    corsHeaders.set(request, response);
    next();
  });
  app.use(requireValidHead);
  if (apiKeys.areRequired || rateLimit !== undefined) {
    app.use(accessMiddleware(apiKeys, rateLimit, { openPaths, pagePaths: [DOCS_PATHS] }));
  }
  app.use(answerPreflight);
  if (docsAccess !== 'off') {
    setupDocs(app, {
      needsKey: (path) => apiKeys.areRequired && !matches(openPaths, path),
      isLimited: (path) => rateLimit !== undefined && !matches(openPaths, path),
    });
  }
}
