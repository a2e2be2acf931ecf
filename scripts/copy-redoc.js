import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const PACKAGE = 'node_modules/redoc';
const BUNDLE = 'redoc.standalone.js';
const REMOTE_LOGO = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
const TRANSPARENT_PIXEL = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

// Copies ReDoc to public/, from where the service serves it. No option turns off its one image from another host,
// so this script removes it.
const source = readFileSync(`${PACKAGE}/bundles/${BUNDLE}`, 'utf8');
if (!source.includes(REMOTE_LOGO)) {
  throw new Error(`${BUNDLE} has no ${REMOTE_LOGO}: see what this version of ReDoc loads from other hosts.`);
}
mkdirSync('public', { recursive: true });
writeFileSync(`public/${BUNDLE}`, source.replace(REMOTE_LOGO, TRANSPARENT_PIXEL));
cpSync(`${PACKAGE}/bundles/${BUNDLE}.LICENSE.txt`, `public/${BUNDLE}.LICENSE.txt`);
cpSync(`${PACKAGE}/LICENSE`, 'public/redoc.LICENSE');
