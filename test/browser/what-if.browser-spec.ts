import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { CRM_KEY, keyEntry } from '../support/api-keys.js';
import { fixtureManifest, readFixture } from '../support/bundle.js';
import { post } from '../support/http.js';
import { type Environment, type Service, startService } from '../support/service.js';
import { WIDE_EXPLANATIONS, writeWideBundle } from '../support/wide-bundle.js';

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
});
afterAll(async () => {
  await browser.close();
});

const MODELS = [
  { name: 'five numbers', environment: {}, feature: 'tenure_months', value: 40 },
  {
    name: 'mixed types',
    environment: { MODEL_PATH: 'models/telco/telco_model.onnx' },
    feature: 'tenure_months',
    value: 40,
  },
];

describe.each(MODELS)('what-if with $name', ({ environment, feature, value }) => {
  const { page, service, complaints } = pageOf(environment);

  it('shows the score that /predict gives for the example, and after a change', async () => {
    await open(page(), service());
    expect(await page().locator('#probability').innerText()).toBe(await predicted(service(), page()));
    await page().getByLabel(feature, { exact: true }).fill(String(value));
    await scored(page(), (response) => response.includes(`"value":${value}`));
    expect(await page().locator('#probability').innerText()).toBe(
      await predicted(service(), page(), { [feature]: value }),
    );
  });

  it('has a waterfall that adds up', async () => {
    await open(page(), service());
    const amounts = (await page().locator('.amount').allInnerTexts()).map((text) =>
      Number(text.replace('−', '-')),
    );
    const score = amounts.pop() ?? NaN;
    expect(amounts.length).toBeGreaterThan(5);
    expect(Math.abs(amounts.reduce((sum, amount) => sum + amount, 0) - score)).toBeLessThan(0.001);
    const shown = parseFloat(await page().locator('#probability').innerText()) / 100;
    expect(Math.abs(shown - score)).toBeLessThan(0.0002);
  });

  it('shows a refusal at its field, and takes it away', async () => {
    await open(page(), service());
    const field = page().getByLabel(feature, { exact: true });
    await field.fill('-5');
    await page().locator('.error', { hasText: 'but is -5' }).waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    const [error = ''] = (await field.getAttribute('aria-describedby'))?.split(' ') ?? [];
    expect(await page().locator(`#${error}`).innerText()).toContain(`${feature} must be`);
    expect(await page().locator('#probability').innerText()).toBe('–');
    expect(complaints().splice(0)).toEqual([expect.stringContaining('422')]);
    await field.fill('5');
    await page().locator('.waterfall').waitFor();
    expect(await page().locator('.error', { hasText: 'must' }).count()).toBe(0);
  });

  it('restores its state from the link that it copies', async () => {
    await open(page(), service());
    await page().getByLabel(feature, { exact: true }).fill(String(value));
    await scored(page(), (response) => response.includes(`"value":${value}`));
    await page().getByRole('button', { name: 'Copy link' }).click();
    await page().getByRole('status').filter({ hasText: /\w/ }).waitFor();
    const link = page().url();
    expect(link).toContain('#');
    const score = await page().locator('#probability').innerText();
    await page().goto('about:blank');
    await page().goto(link);
    await page().locator('.waterfall').waitFor();
    expect(await page().getByLabel(feature, { exact: true }).inputValue()).toBe(String(value));
    expect(await page().locator('#probability').innerText()).toBe(score);
    await page().getByLabel(feature, { exact: true }).fill('41');
    await scored(page(), (response) => response.includes('"value":41'));
    expect(page().url()).not.toContain('#');
  });

  it.each(['light', 'dark'] as const)(
    'has no fault that axe finds, in the scheme %s',
    async (colorScheme) => {
      await page().emulateMedia({ colorScheme });
      await open(page(), service());
      await page().evaluate(axe.source);
      const faults = await page().evaluate('axe.run().then((result) => result.violations)');
      expect(faults).toEqual([]);
    },
  );

  it('does not scroll sideways at 360 px', async () => {
    await page().setViewportSize({ width: 360, height: 800 });
    await open(page(), service());
    expect(await page().evaluate('document.documentElement.scrollWidth')).toBe(360);
  });
});

describe('what-if with many features', () => {
  const { page, service, complaints } = pageOf({ MODEL_PATH: 'models/telco/telco_model.onnx' });

  it('finds features by a filter, takes texts and missing values, and shows an error that the filter hid', async () => {
    await open(page(), service());
    const tenure = page().getByLabel('tenure_months', { exact: true });
    await page().getByLabel('Filter features').fill('tech_support');
    expect(await tenure.isVisible()).toBe(false);
    await page().getByLabel('tech_support', { exact: true }).selectOption('No internet');
    await scored(page(), (response) => response.includes('"feature":"tech_support","value":"No internet"'));
    await page().getByLabel('Filter features').fill('');
    await page().getByLabel('total_charges is missing').check();
    await scored(page(), (response) => response.includes('"feature":"total_charges","value":null'));

    await page().getByLabel('total_charges is missing').uncheck();
    // Of this the browser gives no number, and it must not stand for a missing one.
    await page().getByLabel('total_charges', { exact: true }).fill('');
    await page().getByLabel('total_charges', { exact: true }).press('-');
    await page().locator('.error', { hasText: 'but is ""' }).waitFor();
    await page().getByLabel('total_charges is missing').check();

    await tenure.fill('-5');
    await page().locator('.error', { hasText: 'but is -5' }).waitFor();
    await page().getByLabel('Filter features').fill('tech_support');
    expect(await tenure.isVisible()).toBe(false);
    await page().getByLabel('tech_support', { exact: true }).selectOption('Yes');
    await tenure.waitFor({ state: 'visible' });
    const refusals = complaints().splice(0);
    expect(refusals.length).toBeGreaterThan(0);
    expect(refusals.every((refusal) => refusal.includes('422'))).toBe(true);
  });
});

it('shows a model of 500 features, and finds one of them', async () => {
  const service = await startService({
    MODEL_PATH: writeWideBundle({ explanations: WIDE_EXPLANATIONS }),
    EXPLANATION_TIMEOUT_MS: '60000',
  });
  const page = await browser.newPage();
  onTestFinished(async () => {
    await page.close();
    await service.stop();
  });
  await open(page, service);
  await page.getByLabel('Filter features').fill('feature_number_77');
  const field = page.getByLabel('feature_number_77', { exact: true });
  expect(await page.locator('#customer input[type=number]:visible').count()).toBe(1);
  const before = await page.locator('#probability').innerText();
  await field.fill('10');
  await scored(page, (response) => response.includes('"churn_probability"'));
  expect(await page.locator('#probability').innerText()).not.toBe(before);
});

describe('what-if with a bundle without a background', () => {
  const model = readFixture('matrix_float32');
  let folder: string;
  const environment: Record<string, string> = {};
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'what-if-'));
    environment['MODEL_PATH'] = join(folder, 'model.onnx');
    writeFileSync(environment['MODEL_PATH'], model);
    writeFileSync(join(folder, 'model.manifest.json'), JSON.stringify(fixtureManifest(model)));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const { page, service, complaints } = pageOf(environment);

  it('shows the score, and says why there are no reasons', async () => {
    await page().goto(`${service().url}/what-if`);
    await page().getByRole('status').filter({ hasText: 'No reasons: the bundle' }).waitFor();
    expect(await page().locator('#probability').innerText()).toMatch(/^\d+\.\d\d %$/);
    expect(complaints().splice(0)).toEqual([expect.stringContaining('501')]);
  });
});

describe('what-if with API keys', () => {
  const { page, service, complaints } = pageOf({ API_KEYS: keyEntry('crm', CRM_KEY) });

  it('asks for a key, scores with it, and does not keep it', async () => {
    await page().goto(`${service().url}/what-if`);
    await page().getByLabel('API key').fill(CRM_KEY);
    expect(complaints().splice(0)).toEqual([expect.stringContaining('401')]);
    await page().getByRole('button', { name: 'Use key' }).click();
    await page().locator('.waterfall').waitFor();
    expect(await page().getByLabel('API key').isVisible()).toBe(false);
    expect(
      await page().evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])'),
    ).toBe('[{},{},""]');
  });
});

/** A service, and for each test a page that notes what it complains of and that it asks no other host. */
function pageOf(environment: Environment): {
  page: () => Page;
  service: () => Service;
  complaints: () => string[];
} {
  let service: Service;
  let page: Page;
  let complaints: string[] = [];
  let strangers: string[] = [];
  beforeAll(async () => {
    service = await startService(environment);
  });
  afterAll(async () => {
    await service.stop();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1200, height: 1000 } });
    complaints = [];
    strangers = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(service.url) && request.url() !== 'about:blank') {
        strangers.push(request.url());
      }
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) {
        complaints.push(message.text());
      }
    });
  });
  afterEach(async () => {
    await page.close();
    expect(strangers).toEqual([]);
    expect(complaints).toEqual([]);
  });
  return { page: () => page, service: () => service, complaints: () => complaints };
}

async function open(page: Page, service: Service): Promise<void> {
  await page.goto(`${service.url}/what-if`);
  await page.locator('.waterfall').waitFor();
}

/** Waits for the explanation of which this is true, and until the page shows it. */
async function scored(page: Page, fits: (body: string) => boolean): Promise<void> {
  const response = await page.waitForResponse(async (answer) =>
    answer.url().includes('/predict/explain') && answer.ok() ? fits(await answer.text()) : false,
  );
  const { churn_probability } = (await response.json()) as { churn_probability: number };
  await page.locator('#probability', { hasText: `${(churn_probability * 100).toFixed(2)} %` }).waitFor();
}

/** What /predict says of the example with these values, as the page writes it. */
async function predicted(service: Service, page: Page, values: object = {}): Promise<string> {
  const answer = await page.request.get(`${service.url}/model`);
  const { features } = (await answer.json()) as { features: { name: string; example?: unknown }[] };
  const example = Object.fromEntries(features.map(({ name, example = null }) => [name, example]));
  const { body } = await post(`${service.url}/predict`, { ...example, ...values });
  return `${((body as { churn_probability: number }).churn_probability * 100).toFixed(2)} %`;
}
