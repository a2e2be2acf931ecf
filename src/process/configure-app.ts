import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { AccessMiddleware } from '../access/access.middleware.js';
import { AccessPolicy } from '../access/access-policy.js';
import { trustedProxies } from '../access/trusted-proxies.js';
import { Settings } from '../config/settings.js';
import { CorsHeaders } from '../http/requests/cors-headers.js';
import { answerPreflight } from '../http/requests/cors-preflight.js';
import { RequestContextMiddleware } from '../http/requests/request-context.middleware.js';
import { requireValidHead } from '../http/requests/request-head.js';
import { FrameworkLogger } from '../log/framework-logger.js';
import { ExplanationService, exampleOfExplanation } from '../explanation/explanation.service.js';
import { exampleOfModel } from '../model-info/describe-model.js';
import { ModelService } from '../model/model.service.js';
import { setupDocs } from '../openapi/docs.setup.js';
import { setupWhatIf } from '../what-if/what-if.setup.js';

/**
 * Configures Express, and the middleware of every route in its order. It stands before Nest's own middleware and guards:
 * those do not see the routes of the docs, which are Express's, and guards come after the body is read.
 */
export function configureApp(app: NestExpressApplication): void {
  const settings = app.get(Settings);
  const context = app.get(RequestContextMiddleware);
  const cors = app.get(CorsHeaders);
  const access = app.get(AccessMiddleware);
  app.useLogger(app.get(FrameworkLogger));
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', trustedProxies(settings));
  app.use(context.use.bind(context));
  app.use((request: Request, response: Response, next: NextFunction) => {
    cors.set(request, response);
    next();
  });
  app.use(requireValidHead);
  app.use(access.use.bind(access));
  app.use(answerPreflight);
  if (settings.docsAccess !== 'off') {
    setupDocs(app, app.get(AccessPolicy), () => [
      exampleOfModel(app.get(ModelService).loaded),
      ...exampleOfExplanation(app.get(ExplanationService)),
    ]);
    setupWhatIf(app);
  }
}
