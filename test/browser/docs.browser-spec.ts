import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HIGH_RISK_CUSTOMER } from '../support/http.js';
import { type Service, startService } from '../support/service.js';

let service: Service;
let browser: Browser;
let page: Page;
let requestedUrls: URL[];
let complaints: string[];

beforeAll(async () => {
  service = await startService();
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    // Chromium's sandbox does not run as root, and the rest of these keep the browser itself off the network.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
});
afterAll(async () => {
  await browser.close();
  await service.stop();
});

beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1200, height: 1000 } });
  requestedUrls = [];
  complaints = [];
  page.on('request', (request) => requestedUrls.push(new URL(request.url())));
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      complaints.push(message.text());
    }
  });
});
afterEach(async () => {
  await page.close();
  const strangers = requestedUrls.filter(
    ({ origin, protocol }) => origin !== service.url && !['data:', 'blob:'].includes(protocol),
  );
  expect(strangers).toEqual([]);
  expect(complaints).toEqual([]);
});

describe('Swagger UI', () => {
  it('scores the customer that "Try it out" is prefilled with', async () => {
    await page.goto(`${service.url}/`);
    expect(new URL(page.url()).pathname).toBe('/docs');

    const operation = page.locator('#operations-predictions-predict');
    await operation.locator('.opblock-summary-control').click();
    const body = operation.locator('textarea.body-param__text');
    expect(JSON.parse(await body.inputValue())).toEqual(HIGH_RISK_CUSTOMER);

    await operation.getByRole('button', { name: 'Execute' }).click();
    const answer = operation.locator('.live-responses-table tbody .response');
    expect(await answer.locator('.response-col_status').innerText()).toContain('200');
    const [score] = await answer.locator('.response-col_description pre').allInnerTexts();
    expect(JSON.parse(score ?? '')).toMatchObject({
      churn_probability: expect.any(Number) as number,
      risk_tier: 'HIGH',
    });
  });

  it.each(['/docs', '/docs/'])('shows all operations at %s', async (path) => {
    await page.goto(service.url + path);
    await page.locator('.opblock').first().waitFor();
    expect(await page.locator('.opblock-summary-path').allInnerTexts()).toEqual([
      '/predict',
      '/predict/batch',
      '/health',
      '/health/live',
      '/health/ready',
    ]);
  });
});

describe('ReDoc', () => {
  it.each(['/redoc', '/redoc/'])('shows all operations at %s', async (path) => {
    await page.goto(service.url + path);
    await page.locator('[id="operation/getReadiness"]').waitFor();
    expect(await page.locator('[id^="operation/"] h2').allInnerTexts()).toEqual([
      'Score one customer',
      'Score up to 100 customers in one forward pass',
      'Tell whether the service predicts, and with which model',
      'Liveness probe: the process answers, and no forward pass stalls',
      'Readiness probe: the model is proven and takes requests',
    ]);
  });

  it('finds an operation by its name', async () => {
    await page.goto(`${service.url}/redoc`);
    await page.getByPlaceholder('Search...').fill('readiness');
    await page.locator('[data-role="search:results"]').getByText('Readiness probe').first().waitFor();
  });
});
