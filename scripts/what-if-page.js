import { cpSync } from 'node:fs';
import { rolldown } from 'rolldown';

// Joins the scripts of the page /what-if to one file in public/, from where the service serves it.
const page = await rolldown({ input: 'src/what-if/page/main.ts', platform: 'browser' });
await page.write({ file: 'public/what-if/page.js', minify: true });
await page.close();
cpSync('src/what-if/page/page.css', 'public/what-if/page.css');
