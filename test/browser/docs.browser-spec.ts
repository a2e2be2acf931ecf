import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CRM_KEY, keyEntry } from '../support/api-keys.js';
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

/** Opens a page that notes what it asks for, and what it complains of: refusals by its policy are among that. */
async function openPage(options: BrowserContextOptions = {}): Promise<void> {
  page = await browser.newPage({ viewport: { width: 1200, height: 1000 }, ...options });
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
}
beforeEach(() => openPage());
afterEach(async () => {
  await page.close();
  const strangers = requestedUrls.filter(
    ({ origin, protocol }) => origin !== service.url && !['data:', 'blob:'].includes(protocol),
  );
  expect(strangers).toEqual([]);
  expect(complaints).toEqual([]);
});

describe.each(['/docs', '/redoc'])('the page %s', (path) => {
  it('may run the scripts and styles of the service only, and be in no frame', async () => {
    const headers = (await page.goto(service.url + path))?.headers() ?? {};
    const policy = headers['content-security-policy'] ?? '';
    for (const directive of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]) {
      expect(policy.split(';')).toContain(directive);
    }
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });

  it('is held to that', async () => {
    await page.goto(service.url + path);
    await page.addScriptTag({ content: 'document.title = "injected"' }).catch(() => undefined);
    expect(await page.title()).toBe('Churn model API');
    expect(complaints.splice(0)).toEqual([expect.stringMatching(/inline script violates/)]);
  });
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
      '/predict/bulk',
      '/predict/explain',
      '/predict/explain/batch',
      '/v2',
      '/v2/health/live',
      '/v2/health/ready',
      '/v2/models/{name}',
      '/v2/models/{name}/versions/{version}',
      '/v2/models/{name}/ready',
      '/v2/models/{name}/versions/{version}/ready',
      '/v2/models/{name}/infer',
      '/v2/models/{name}/versions/{version}/infer',
      '/model',
      '/model/drift',
      '/health',
      '/health/live',
      '/health/ready',
      '/metrics',
    ]);
  });
});

describe('with a model of mixed types', () => {
  let bundled: Service;
  beforeAll(async () => {
    bundled = service;
    service = await startService({ MODEL_PATH: 'models/telco/telco_model.onnx' });
  });
  afterAll(async () => {
    await service.stop();
    service = bundled;
  });

  it('Swagger UI lists the categories, scores the example, and shows why a category is refused', async () => {
    await page.goto(`${service.url}/docs`);
    const operation = page.locator('#operations-predictions-predict');
    await operation.locator('.opblock-summary-control').click();
    const body = operation.locator('textarea.body-param__text');
    const customer = JSON.parse(await body.inputValue()) as Record<string, unknown>;
    expect(Object.keys(customer)).toHaveLength(19);

    const answer = operation.locator('.live-responses-table tbody .response');
    const execute = operation.getByRole('button', { name: 'Execute' });
    await execute.click();
    expect(await answer.locator('.response-col_status').innerText()).toContain('200');

    await body.fill(JSON.stringify({ ...customer, contract: 'Monthly' }));
    await execute.click();
    await answer.getByText('unknown_category').waitFor();
    await answer.getByText('must be one of').waitFor();
    // The browser notes every answer that is not 2xx.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('422')]);

    await operation.getByRole('tab', { name: 'Schema' }).first().click();
    await operation.getByText('One of "Month-to-month", "One year", "Two year".').waitFor();
  });
});

describe('with API keys', () => {
  let open: Service;
  beforeAll(async () => {
    open = service;
    service = await startService({ API_KEYS: keyEntry('crm', CRM_KEY), DOCS_ACCESS: 'key' });
  });
  afterAll(async () => {
    await service.stop();
    service = open;
  });
  beforeEach(async () => {
    await page.close();
    await openPage({ httpCredentials: { username: 'anyone', password: CRM_KEY } });
  });

  it.each(['bearer', 'apiKey'])('Swagger UI predicts once it is authorized: %s', async (scheme) => {
    await page.goto(`${service.url}/docs`);
    await page.getByRole('button', { name: 'Authorize' }).click();
    const form = page.locator('.auth-container').filter({ hasText: `${scheme} ` });
    await form.locator('input').fill(CRM_KEY);
    await form.getByRole('button', { name: 'Apply credentials' }).click();
    await form.getByText('Authorized').waitFor();
    await form.getByRole('button', { name: 'Close' }).click();

    const operation = page.locator('#operations-predictions-predict');
    await operation.locator('.opblock-summary-control').click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    const answer = operation.locator('.live-responses-table tbody .response');
    expect(await answer.locator('.response-col_status').innerText()).toContain('200');
  });

  it('ReDoc asks for the document with the key that the page was asked with', async () => {
    await page.goto(`${service.url}/redoc`);
    await page.locator('[id="operation/getReadiness"]').waitFor();
  });
});

describe('ReDoc', () => {
  it.each(['/redoc', '/redoc/'])('shows all operations at %s', async (path) => {
    await page.goto(service.url + path);
    await page.locator('[id="operation/getReadiness"]').waitFor();
    expect(await page.locator('[id^="operation/"] h2').allInnerTexts()).toEqual([
      'Score one customer',
      'Score up to 100 customers in one forward pass',
      'Score a file of customers',
      'Score one customer, and say why',
      'Score up to 10 customers, and say why',
      'Open Inference Protocol: tell what serves',
      'Open Inference Protocol: the process answers, and no forward pass stalls',
      'Open Inference Protocol: the model is proven and takes requests',
      'Open Inference Protocol: tell the inputs and outputs of the model',
      'Open Inference Protocol: tell the inputs and outputs of a version of the model',
      'Open Inference Protocol: tell whether the model takes requests',
      'Open Inference Protocol: tell whether a version of the model takes requests',
      'Open Inference Protocol: score rows by the model',
      'Open Inference Protocol: score rows by a version of the model',
      'Tell which model is served, and how it was proven',
      'Tell whether live customers are still such as those of the training',
      'Tell whether the service predicts, and with which model',
      'Liveness probe: the process answers, and no forward pass stalls',
      'Readiness probe: the model is proven and takes requests',
      'Metrics for Prometheus',
    ]);
  });

  it('finds an operation by its name', async () => {
    await page.goto(`${service.url}/redoc`);
    await page.getByPlaceholder('Search...').fill('readiness');
    await page.locator('[data-role="search:results"]').getByText('Readiness probe').first().waitFor();
  });
});
