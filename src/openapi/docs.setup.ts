import { readFileSync } from 'node:fs';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import type { Express, Request, Response } from 'express';
import type { ApiAccess } from './api-access.js';
import { docsHeaders } from './docs-headers.js';
import { type AnswerExample, createOpenApiDocument } from './openapi-document.js';
import { REDOC_BUNDLE, REDOC_CSS, REDOC_INIT, REDOC_PAGE } from './redoc.page.js';
import { SWAGGER_UI_FILES, SWAGGER_UI_FOLDER, SWAGGER_UI_INIT, SWAGGER_UI_PAGE } from './swagger-ui.page.js';

/** The pages, their files and the document. */
export const DOCS_PATHS = /^\/($|(docs|redoc|what-if)(\/|$)|docs-(json|yaml)\/?$)/i;

/** Examples of answers, once the model is loaded. */
export type AnswerExamples = () => readonly AnswerExample[];

/** Serves Swagger UI, ReDoc and the OpenAPI document, which load nothing from other hosts. */
export function setupDocs(app: NestExpressApplication, access: ApiAccess, examples: AnswerExamples): void {
  const express = app.getHttpAdapter().getInstance();
  express.use(['/docs', '/redoc', '/docs-json', '/docs-yaml'], docsHeaders);
  // Made when it is first asked for: the examples need the loaded model.
  SwaggerModule.setup('docs', app, () => createOpenApiDocument(app, access, examples()), { ui: false });

  express.get('/', (_request: Request, response: Response) => {
    response.redirect('/docs');
  });
  serveText(express, '/docs', 'html', SWAGGER_UI_PAGE);
  serveText(express, '/docs/init.js', 'js', SWAGGER_UI_INIT);
  for (const file of SWAGGER_UI_FILES) {
    express.get(`/docs/${file}`, (_request: Request, response: Response) => {
      response.sendFile(file, { root: SWAGGER_UI_FOLDER });
    });
  }
  serveText(express, '/redoc', 'html', REDOC_PAGE);
  serveText(express, '/redoc/page.css', 'css', REDOC_CSS);
  serveText(express, '/redoc/init.js', 'js', REDOC_INIT);
  const bundle = readFileSync(REDOC_BUNDLE);
  express.get('/redoc/redoc.standalone.js', (_request: Request, response: Response) => {
    response.set('Cache-Control', 'public, max-age=3600').type('js').send(bundle);
  });
}

function serveText(express: Express, path: string, type: string, text: string): void {
  express.get(path, (_request: Request, response: Response) => {
    response.type(type).send(text);
  });
}
