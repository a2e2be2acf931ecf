import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';

/** Of the package swagger-ui-dist, which has far more files than the page needs. */
export const SWAGGER_UI_FOLDER = dirname(findPackageJSON('swagger-ui-dist', import.meta.url) ?? '');
export const SWAGGER_UI_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

/** Nest's own page has inline styles, which a strict Content-Security-Policy refuses, and loads what `?url=` names. */
export const SWAGGER_UI_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Churn model API</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/init.js"></script>
  </body>
</html>
`;

export const SWAGGER_UI_INIT = `SwaggerUIBundle({
  url: '/docs-json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  // Shows the categories of a feature without a click on each.
  defaultModelExpandDepth: 6,
  // A validator would be asked on another host.
  validatorUrl: null,
});
`;
