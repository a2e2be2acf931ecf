import { findPackageJSON } from 'node:module';
import { join } from 'node:path';

/** Put here by `npm run build`; the npm package itself would bring React into production. */
export const REDOC_BUNDLE = join(findPackageJSON(import.meta.url) ?? '', '../public/redoc.standalone.js');

export const REDOC_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Churn model API</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/redoc/page.css">
  </head>
  <body>
    <div id="redoc"></div>
    <script src="/redoc/redoc.standalone.js"></script>
    <script src="/redoc/init.js"></script>
  </body>
</html>
`;

export const REDOC_CSS = 'body { margin: 0 }\n';

// The fonts that ReDoc's theme names by default come with nothing, and would have to be asked of another host.
export const REDOC_INIT = `Redoc.init('/docs-json', {
  theme: {
    typography: {
      fontFamily: 'sans-serif',
      headings: { fontFamily: 'sans-serif' },
      code: { fontFamily: 'monospace' },
    },
  },
}, document.getElementById('redoc'));
`;
