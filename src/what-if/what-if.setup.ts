import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { docsHeaders } from '../openapi/docs-headers.js';
import { WHAT_IF_PAGE } from './what-if.page.js';

/** Put here by `npm run build`. */
const FOLDER = join(findPackageJSON(import.meta.url) ?? '', '../public/what-if');
const FILES = [
  ['page.js', 'js'],
  ['page.css', 'css'],
] as const;

/** Serves the page on which a person tries the model. Its URLs are relative: it also works behind a path prefix. */
export function setupWhatIf(app: NestExpressApplication): void {
  const express = app.getHttpAdapter().getInstance();
  express.use('/what-if', docsHeaders);
  express.get('/what-if', (request: Request, response: Response) => {
    if (request.path.endsWith('/')) {
      response.redirect('../what-if');
    } else {
      response.type('html').send(WHAT_IF_PAGE);
    }
  });
  for (const [file, type] of FILES) {
    const text = readFileSync(join(FOLDER, file));
    express.get(`/what-if/${file}`, (_request: Request, response: Response) => {
      response.type(type).send(text);
    });
  }
}
