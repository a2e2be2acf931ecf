import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { createOpenApiDocument } from './openapi-document.js';

/** The pages, their files and the document. */
export const DOCS_PATHS = /^\/($|(docs|redoc)(\/|$)|docs-(json|yaml)\/?$)/i;

/** Put here by `npm run build`; the npm package itself would bring React into production. */
const REDOC_BUNDLE = join(findPackageJSON(import.meta.url) ?? '', '../public/redoc.standalone.js');

const REDOC_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Churn model API</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <style>body { margin: 0 }</style>
  </head>
  <body>
    <div id="redoc"></div>
    <script src="/redoc/redoc.standalone.js"></script>
    <script src="/redoc/init.js"></script>
  </body>
</html>
`;

// The fonts that ReDoc's theme names by default come with nothing, and would have to be asked of another host.
const REDOC_INIT = `Redoc.init('/docs-json', {
  theme: {
    typography: {
      fontFamily: 'sans-serif',
      headings: { fontFamily: 'sans-serif' },
      code: { fontFamily: 'monospace' },
    },
  },
}, document.getElementById('redoc'));
`;

/**
 * Serves Swagger UI, ReDoc and the OpenAPI document, which load nothing from other hosts.
 *
 * @param needsKey whether a path can be asked with an API key only
 */
export function setupDocs(app: NestExpressApplication, needsKey: (path: string) => boolean): void {
  SwaggerModule.setup('docs', app, createOpenApiDocument(app, needsKey), {
    customSiteTitle: 'Churn model API',
    // A validator would be asked on another host.
    swaggerOptions: { validatorUrl: null, displayRequestDuration: true, tryItOutEnabled: true },
  });

  const express = app.getHttpAdapter().getInstance();
  express.get('/', (_request: Request, response: Response) => {
    response.redirect('/docs');
  });
  express.get('/redoc', (_request: Request, response: Response) => {
    response.type('html').send(REDOC_PAGE);
  });
  express.get('/redoc/init.js', (_request: Request, response: Response) => {
    response.type('js').send(REDOC_INIT);
  });
  const bundle = readFileSync(REDOC_BUNDLE);
  express.get('/redoc/redoc.standalone.js', (_request: Request, response: Response) => {
    response.set('Cache-Control', 'public, max-age=3600').type('js').send(bundle);
  });
}
