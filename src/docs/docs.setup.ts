import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { Request, Response } from 'express';

/** Put here by `npm run build`; the npm package itself would bring React into production. */
const REDOC_BUNDLE = join(import.meta.dirname, '../../public/redoc.standalone.js');

const REDOC_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Churn model API</title>
    <link rel="icon" href="docs/favicon-32x32.png">
    <style>body { margin: 0 }</style>
  </head>
  <body>
    <div id="redoc"></div>
    <script src="redoc/redoc.standalone.js"></script>
    <script src="redoc/init.js"></script>
  </body>
</html>
`;

// Without its search index ReDoc starts no worker; without fonts of its own it asks nobody for them.
const REDOC_INIT = `Redoc.init('docs-json', { disableSearch: true, hideDownloadButton: false, theme: {
  typography: { fontFamily: 'sans-serif', headings: { fontFamily: 'sans-serif' } } } },
  document.getElementById('redoc'));
`;

/** Serves Swagger UI, ReDoc and the OpenAPI document, which load nothing from other hosts. */
export function setupDocs(app: NestExpressApplication): void {
  const document = createDocument(app);
  SwaggerModule.setup('docs', app, document, {
    customSiteTitle: 'Churn model API',
    swaggerOptions: { validatorUrl: null, displayRequestDuration: true, tryItOutEnabled: true },
  });

  const express = app.getHttpAdapter().getInstance();
  express.get('/', (_request: Request, response: Response) => {
    response.redirect('docs');
  });
  express.get('/redoc', (_request: Request, response: Response) => {
    response.type('html').send(REDOC_PAGE);
  });
  express.get('/redoc/init.js', (_request: Request, response: Response) => {
    response.type('js').send(REDOC_INIT);
  });
  const bundle = readFileSync(REDOC_BUNDLE);
  express.get('/redoc/redoc.standalone.js', (_request: Request, response: Response) => {
    response.type('js').send(bundle);
  });
}

function createDocument(app: NestExpressApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Churn model API')
    .setDescription(
      'Scores how likely a customer is to churn. Send JSON, get JSON; every error is a problem (RFC 9457) with a ' +
        'stable `code`. Each answer carries the header `X-Request-Id`: the one that was sent, or a new one.',
    )
    .setVersion('1.0.0')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/')
    .addTag('predictions', 'Churn probabilities for one customer or many.')
    .addTag('health', 'For probes, and for people who wonder.')
    .build();
  return SwaggerModule.createDocument(app, config);
}
