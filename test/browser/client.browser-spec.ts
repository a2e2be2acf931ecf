import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HIGH_RISK_CUSTOMER } from '../support/http.js';
import { type Service, startService } from '../support/service.js';

/** A page of another origin than the service's, which has the client as its files are. */
const PAGE = `<!doctype html><title>Dashboard</title>
<script type="importmap">{"imports": {"openapi-fetch": "/openapi-fetch.js"}}</script>
<script type="module">
  import { ChurnClient, ProblemError } from '/client/churn-client.js';
  window.ask = async (baseUrl, customers) => {
    const client = new ChurnClient({ baseUrl, timeoutMs: 20_000 });
    const { churn_probability: single } = await client.predict(customers[0]);
    const batch = await client.predictBatch(customers);
    const refused = await client.predict({}).catch((error) => error);
    return { single, scores: batch.length, code: refused instanceof ProblemError && refused.code };
  };
</script>`;

let browser: Browser;
let pages: Server;
let service: Service;
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  pages = createServer(({ url = '/' }, response) => {
    const file = /^\/client\/([\w-]+\.js)$/.exec(url)?.[1];
    if (url === '/') {
      response.setHeader('Content-Type', 'text/html').end(PAGE);
    } else if (url === '/openapi-fetch.js') {
      response.setHeader('Content-Type', 'text/javascript');
      response.end(readFileSync('node_modules/openapi-fetch/dist/index.mjs'));
    } else if (file !== undefined) {
      response.setHeader('Content-Type', 'text/javascript').end(readFileSync(`client/dist/${file}`));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  service = await startService();
});
afterAll(async () => {
  await browser.close();
  pages.close();
  pages.closeAllConnections();
  await service.stop();
});

describe('the client in a page of another origin', () => {
  it('scores customers, and reads why one is refused', async () => {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`);
    const customers = Array.from({ length: 150 }, () => HIGH_RISK_CUSTOMER);
    const answers = await page.evaluate(
      `window.ask(${JSON.stringify(service.url)}, ${JSON.stringify(customers)})`,
    );
    expect(answers).toEqual({ single: 0.8889, scores: 150, code: 'validation_failed' });
  });
});
