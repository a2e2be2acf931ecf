import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handWrittenManifest, readFixture, writeBundle } from './support/bundle.js';
import { BulkClient, CSV_HEADER, CSV_ROW } from './support/bulk-client.js';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post } from './support/http.js';
import { Scrape } from './support/metrics.js';
import { type Service, startService } from './support/service.js';

const SHA256 = createHash('sha256').update(readFileSync('models/churn_model.onnx')).digest('hex');
const HEAD = 'customer_id,churn_probability,churn_prediction,risk_tier,model_version,errors';
const SCORED = 'C-1,0.8889,true,HIGH,1.0.0,';
const NDJSON = { 'Content-Type': 'application/x-ndjson' };

function lastLine(rows: number, errors: number): string {
  return `# complete=true rows=${rows} errors=${errors} model_version=1.0.0 model_sha256=${SHA256},,,,,`;
}

let service: Service;
beforeAll(async () => {
  service = await startService({ BODY_LIMIT_BYTES: '4096' });
});
afterAll(async () => {
  expect(await service.stop()).toBe(0);
});

function send(body: string | Uint8Array, headers: Record<string, string> = {}, path?: string): BulkClient {
  return new BulkClient(service.url, { headers, ...(path !== undefined && { path }) }).sendAll(body);
}

describe('POST /predict/bulk of CSV', () => {
  it('scores each row as POST /predict does, by columns of any order', async () => {
    const file =
      'num_products,unknown,customer_id,tenure_months,monthly_charges,total_charges,has_support_calls\n' +
      '1,x,"C ""1"", A",6,79.99,479.94,1\n3,y,C-2,48,45,2160,0\n';
    const { status, lines, isWhole } = await send(file).answer();
    const single = await Promise.all(
      [HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER].map(async (customer) =>
        post(`${service.url}/predict`, customer),
      ),
    );
    const [high, low] = single.map(({ body }) =>
      [body['churn_probability'], body['churn_prediction'], body['risk_tier'], '1.0.0', ''].join(','),
    );
    expect({ status, isWhole }).toEqual({ status: 200, isWhole: true });
    expect(lines).toEqual([HEAD, `"C ""1"", A",${high}`, `C-2,${low}`, lastLine(2, 0)]);
  });

  it('says what is wrong with a row in its place, and goes on', async () => {
    const file =
      CSV_HEADER +
      CSV_ROW +
      'C-2,999,79.99,479.94,1,1\n\n"C-\n3",6,x,479.94,1,1\nC-4,6\nC-5,,0x10,479.94,1,1\n' +
      CSV_ROW;
    const { lines } = await send(file).answer();
    expect(lines).toEqual([
      HEAD,
      SCORED,
      'C-2,,,,1.0.0,"line 3: /tenure_months too_large: tenure_months must be an integer from 0 to 120, but is 999."',
      '"C-',
      '3",,,,1.0.0,"line 5: /monthly_charges not_a_number: monthly_charges must be a number from 0 to 500, but is ""x""."',
      'C-4,,,,1.0.0,"line 7: invalid: The row has 2 cells, but the header has 6."',
      expect.stringMatching(
        /^C-5,,,,1\.0\.0,"line 8: \/tenure_months not_an_integer: .* \/monthly_charges not_a_number: .*"$/,
      ),
      SCORED,
      lastLine(6, 4),
    ]);
  });

  it.each([
    ['CRLF and no line end at the end', (CSV_HEADER + CSV_ROW).trimEnd().replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${CSV_HEADER}${CSV_ROW}`],
  ])('reads %s', async (_case, file) => {
    expect((await send(file).answer()).lines).toEqual([HEAD, SCORED, lastLine(1, 0)]);
  });

  it.each([
    ['CRLF', 'LF'],
    ['LF', 'CRLF'],
  ])('reads a header that ends in %s before rows that end in %s', async (headerEnd, rowEnd) => {
    const ends: Record<string, string> = { CRLF: '\r\n', LF: '\n' };
    const header = 'tenure_months,monthly_charges,total_charges,num_products,has_support_calls,customer_id';
    const rows = `6,79.99,479.94,1,1,C-1${ends[rowEnd]}`.repeat(2);
    const { lines } = await send(`${header}${ends[headerEnd]}${rows}`).answer();
    expect(lines).toEqual([HEAD, SCORED, SCORED, lastLine(2, 0)]);
  });

  it('numbers lines by their ends, of whatever kind', async () => {
    const bad = 'C-2,999,79.99,479.94,1,1\n';
    const file = `${CSV_HEADER}${CSV_ROW.replace('C-1', '"C-\n\n1"')}\n${bad}`;
    for (const text of [file, file.replaceAll('\n', '\r\n'), file.replaceAll(`\n\n${bad}`, `\r\n\n${bad}`)]) {
      expect((await send(text).answer()).text).toContain('"line 6: /tenure_months');
    }
  });

  it('takes and gives gzip', async () => {
    const response = await fetch(`${service.url}/predict/bulk`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/csv', 'Content-Encoding': 'gzip', 'Accept-Encoding': 'gzip' },
      body: gzipSync(CSV_HEADER + CSV_ROW),
    });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(await response.text()).toContain('0.8889,true,HIGH,1.0.0,\n# complete=true rows=1 errors=0');
  });

  it('is complete with no rows', async () => {
    expect((await send(CSV_HEADER).answer()).lines).toEqual([HEAD, lastLine(0, 0)]);
  });

  const noLatin = new Uint8Array([...Buffer.from(CSV_HEADER + CSV_ROW), 0xe9, 0x2c, 0x0a]);
  it.each<[string, string | Uint8Array, Record<string, string>, string | undefined, number, string, RegExp]>([
    ['an empty file', '', {}, undefined, 400, 'invalid_csv', /is empty/],
    [
      'a wrong delimiter',
      CSV_HEADER.replaceAll(',', ';'),
      {},
      undefined,
      400,
      'invalid_csv',
      /not by \\";\\"/,
    ],
    [
      'a column twice',
      `customer_id,${CSV_HEADER}`,
      {},
      undefined,
      400,
      'invalid_csv',
      /\\"customer_id\\" twice/,
    ],
    ['no header', CSV_ROW, {}, undefined, 422, 'validation_failed', /5 columns are missing/],
    [
      'a missing column',
      CSV_HEADER.replace('num_', 'sum_'),
      {},
      undefined,
      422,
      'validation_failed',
      /\/num_products/,
    ],
    ['what is not UTF-8', noLatin, {}, undefined, 400, 'invalid_csv', /not UTF-8/],
    [
      'a quote that never closes',
      `${CSV_HEADER}"C-1,6\n`,
      {},
      undefined,
      400,
      'invalid_csv',
      /line 2 .* never closes/,
    ],
    [
      'a long record',
      `${CSV_HEADER}"${'x'.repeat(9000)}`,
      {},
      undefined,
      400,
      'invalid_csv',
      /line 2 .* 4096/,
    ],
    [
      'a line of commas without end',
      CSV_HEADER + ','.repeat(500_000),
      {},
      undefined,
      400,
      'invalid_csv',
      /line 2 .* 4096/,
    ],
    [
      'an unknown column to keep',
      CSV_HEADER,
      {},
      '/predict/bulk?keep=id',
      400,
      'malformed_request',
      /\\"id\\"/,
    ],
    [
      'a column of the answer to keep',
      CSV_HEADER,
      {},
      '/predict/bulk?keep=errors',
      400,
      'malformed_request',
      /errors/,
    ],
    [
      'another type',
      '[]',
      { 'Content-Type': 'application/json' },
      undefined,
      415,
      'unsupported_media_type',
      /text\/csv/,
    ],
    [
      'another charset',
      CSV_HEADER,
      { 'Content-Type': 'text/csv; charset=latin1' },
      undefined,
      415,
      'unsupported_media_type',
      /UTF-8/,
    ],
    [
      'another encoding',
      CSV_HEADER,
      { 'Content-Encoding': 'br' },
      undefined,
      415,
      'unsupported_media_type',
      /gzip/,
    ],
    [
      'what is not gzip',
      CSV_HEADER,
      { 'Content-Encoding': 'gzip' },
      undefined,
      400,
      'invalid_csv',
      /not gzip/,
    ],
  ])('refuses %s at once', async (_case, file, headers, path, status, code, detail) => {
    const answer = await send(file, headers, path).answer();
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ code });
    expect(answer.text).toMatch(detail);
  });
});

describe('POST /predict/bulk of NDJSON', () => {
  it('scores objects, keeps values as they are, and says what is wrong with a line', async () => {
    const customer = JSON.stringify({ ...HIGH_RISK_CUSTOMER, customer_id: { id: 7 } });
    const deep = `${'['.repeat(40)}${']'.repeat(40)}`;
    const tail = new Uint8Array([0xff, 0x0a]);
    const file = `${customer}\r\n\n{"tenure_months":999}\nnope\n7\n{"a":${deep}}\n"${'x'.repeat(9000)}"\n`;
    const { lines, isWhole } = await send(Buffer.concat([Buffer.from(file), tail]), NDJSON).answer();
    const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(isWhole).toBe(true);
    expect(rows[0]).toEqual({
      customer_id: { id: 7 },
      churn_probability: 0.8889,
      churn_prediction: true,
      risk_tier: 'HIGH',
      model_version: '1.0.0',
    });
    expect(
      rows.slice(1, -1).map(({ line, errors }) => [line, (errors as { pointer: string; code: string }[])[0]]),
    ).toMatchObject([
      [3, { pointer: '/tenure_months', code: 'too_large' }],
      [4, { pointer: '', code: 'invalid' }],
      [5, { pointer: '', code: 'not_an_object' }],
      [6, { pointer: '', code: 'invalid' }],
      [7, { pointer: '', code: 'too_long' }],
      [8, { pointer: '', code: 'invalid' }],
    ]);
    expect(rows.at(-1)).toEqual({
      complete: true,
      rows: 7,
      errors: 6,
      model_version: '1.0.0',
      model_sha256: SHA256,
    });
  });

  it.each([
    ['an array of all customers', JSON.stringify([HIGH_RISK_CUSTOMER])],
    ['CSV', CSV_HEADER],
  ])('refuses %s at once', async (_case, file) => {
    const { status, text } = await send(file, NDJSON).answer();
    expect([status, (JSON.parse(text) as { code: string }).code]).toEqual([400, 'invalid_json']);
  });
});

describe('a row of a file at which the model fails', () => {
  it('has an error in its place, and costs no other row its score', async () => {
    const model = readFixture('nan_at_tenure_13');
    const failing = await startService({
      MODEL_PATH: writeBundle({ model, manifest: handWrittenManifest(model) }),
      ALLOW_UNVERIFIED_MODEL: 'true',
    });
    const rows = [13, 6, 13, 13, 48, 13].map((tenure) => `C-${tenure},${tenure},79.99,479.94,1,1`);
    const file = [CSV_HEADER.trim(), ...rows, ''].join('\n');
    const { lines, isWhole } = await new BulkClient(failing.url).sendAll(file).answer();
    expect(isWhole).toBe(true);
    expect(lines.slice(1, -1).map((line) => line.includes('model_output_invalid'))).toEqual([
      true,
      false,
      true,
      true,
      false,
      true,
    ]);
    expect(lines[2]).toMatch(/^C-6,0\.\d+,/);
    expect(lines.at(-1)).toContain('rows=6 errors=4');
    await failing.stop();
  });
});

describe('A file that ends early', () => {
  it('is not whole, and its last line says why', async () => {
    const client = new BulkClient(service.url);
    await client.send(CSV_HEADER + CSV_ROW + CSV_ROW);
    await client.until(/C-1/);
    const { lines, isWhole } = await client.sendAll('"C-3').answer();
    expect(isWhole).toBe(false);
    expect(lines.slice(1, 3)).toEqual([SCORED, SCORED]);
    expect(lines.at(-1)).toMatch(
      /^"# complete=false reason=invalid_file rows=2 errors=0 .*line 4 .* never closes/,
    );
  });

  it('is counted and logged', async () => {
    const client = new BulkClient(service.url);
    await client.send(CSV_HEADER + CSV_ROW + CSV_ROW);
    await client.until(/C-1/);
    client.leave();
    const fields = { outcome: 'client_gone', status: 499, rows: 1, row_errors: 0, model_version: '1.0.0' };
    await service.process.line((line) =>
      Object.entries(fields).every(([name, value]) => line[name] === value),
    );
    const scrape = await Scrape.of(service.url);
    expect(scrape.sum('bulk_streams_total', { outcome: 'client_gone' })).toBe(1);
    expect(scrape.sum('bulk_streams_in_flight')).toBe(0);
    expect(scrape.sum('bulk_rows_total', { result: 'error' })).toBeGreaterThan(0);
  });
});
