import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Customer, FeatureValue } from '../../src/bundle/feature.js';
import type { ModelManifest } from '../../src/bundle/manifest.js';
import { goldenCustomers, readBundledManifest, readBundledModel, writeBundle } from '../support/bundle.js';
import { CUSTOMERS, EVERY_TYPE_MODEL, everyTypeManifest } from '../support/every-type.js';
import { HIGH_RISK_CUSTOMER, post } from '../support/http.js';
import { ended, type Row, score, scoreFolder, type ScoreRun, spawnScore, sql } from '../support/score.js';
import { type Environment, startService, TAKES_BURSTS } from '../support/service.js';
import { drawCustomers, randomOf } from '../support/training-customers.js';

const FIELDS = ['churn_probability', 'churn_prediction', 'risk_tier', 'model_version'] as const;
const HEADER = 'customer_id,tenure_months,monthly_charges,total_charges,num_products,has_support_calls';
const GOOD = '6,79.99,479.94,1,1';
const SCORES = '0.8889,true,HIGH,1.0.0';

let folder = '';
beforeEach(() => {
  folder = scoreFolder();
});

function file(name: string, content?: string | Uint8Array): string {
  const path = join(folder, name);
  if (content !== undefined) {
    writeFileSync(path, content);
  }
  return path;
}

function csv(...lines: string[]): string {
  return [HEADER, ...lines].map((line) => `${line}\n`).join('');
}

function cell(value: FeatureValue): string {
  const text = String(value ?? '');
  return `"${text.replaceAll('"', '""')}"`;
}

function csvOf(customers: readonly Customer[]): string {
  const names = Object.keys(customers[0] ?? {});
  return [names.map(cell), ...customers.map((customer) => names.map((name) => cell(customer[name])))]
    .map((cells) => `${cells.join(',')}\n`)
    .join('');
}

function ndjsonOf(customers: readonly Customer[]): string {
  return customers.map((customer) => `${JSON.stringify(customer)}\n`).join('');
}

/** The bundle of a model that scores a customer without any value. */
function writeAllNullable(): string {
  const manifest = readTelco();
  const features = manifest.features.map((feature) => ({ ...feature, nullable: true }));
  return writeBundle({
    model: readFileSync('models/telco/telco_model.onnx'),
    manifest: { ...manifest, features },
  });
}

/** The lines of an answer in NDJSON. */
function answersOf({ stdout }: ScoreRun): (Row & { errors: { detail: string }[] | null })[] {
  return stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ReturnType<typeof answersOf>[number]);
}

/** What the service answers to the customers. */
async function served(customers: readonly Customer[], environment: Environment): Promise<object[]> {
  const service = await startService({ ...TAKES_BURSTS, ...environment });
  const predictions: object[] = [];
  for (let start = 0; start < customers.length; start += 100) {
    const answer = await post(`${service.url}/predict/batch`, {
      customers: customers.slice(start, start + 100),
    });
    predictions.push(...(answer.body['predictions'] as object[]));
  }
  await service.stop();
  return predictions;
}

function readTelco(): ModelManifest {
  return JSON.parse(readFileSync('models/telco/telco_model.manifest.json', 'utf8')) as ModelManifest;
}

function withDrawn(manifest: ModelManifest): readonly Customer[] {
  const golden = goldenCustomers(manifest).map(({ customer }) => customer);
  return [...golden, ...drawCustomers(manifest, 3000, randomOf(1))];
}

describe('the answers to a file', () => {
  it.each<[string, () => { customers: readonly Customer[]; environment: Environment }]>([
    ['the bundled model', () => ({ customers: withDrawn(readBundledManifest()), environment: {} })],
    [
      'the telco model',
      () => ({
        customers: withDrawn(readTelco()),
        environment: { MODEL_PATH: 'models/telco/telco_model.onnx' },
      }),
    ],
    [
      'a model of every type',
      () => ({
        customers: CUSTOMERS,
        environment: {
          MODEL_PATH: writeBundle({ model: EVERY_TYPE_MODEL, manifest: everyTypeManifest() }),
        },
      }),
    ],
  ])('are those of the service, in CSV, NDJSON and Parquet: %s', async (_name, make) => {
    const { customers, environment } = make();
    const expected = await served(customers, environment);
    const ndjson = file('in.ndjson', ndjsonOf(customers));
    const inputs = [ndjson, file('in.csv', csvOf(customers)), file('in.parquet')];
    // DuckDB finds the types of the columns as other tools do that write Parquet.
    await sql(
      `COPY (FROM read_json('${ndjson}', sample_size = -1)) TO '${inputs[2] ?? ''}' (FORMAT parquet)`,
    );
    for (const input of inputs) {
      const output = file('out.parquet');
      const run = await score([input, output, '--keep', ''], environment);
      expect([run.exitCode, run.stderr], input).toEqual([0, expect.stringContaining('0 refused')]);
      expect(await sql(`SELECT ${FIELDS.join(', ')} FROM '${output}'`), input).toEqual(expected);
    }
  });
});

describe('a row that is refused', () => {
  const LINES = [`a,${GOOD}`, 'b,600,79.99,479.94,1,1', `"c\n""x""",6.5,abc,,1,1`, `d,${GOOD}`];
  const ROW_2 = 'row 2: tenure_months must be an integer from 0 to 120, but is 600.';
  const ROW_3 =
    'row 3: tenure_months must be an integer from 0 to 120, but is 6.5. ' +
    'monthly_charges must be a number from 0 to 500, but is "abc". ' +
    'total_charges must be a number of at least 0, but is null.';

  it('costs nobody else, and has its number and its errors in its place', async () => {
    const output = file('out.csv');
    const run = await score([file('in.csv', csv(...LINES)), output, '--keep', 'customer_id']);
    expect([run.exitCode, run.stderr]).toEqual([
      3,
      expect.stringContaining('2 scored by model 1.0.0, 2 refused'),
    ]);
    expect(await sql(`FROM read_csv('${output}', all_varchar = true)`)).toMatchObject([
      { customer_id: 'a', churn_probability: '0.8889', errors: null },
      { customer_id: 'b', churn_probability: null, model_version: null, errors: ROW_2 },
      { customer_id: 'c\n"x"', churn_probability: null, errors: ROW_3 },
      { customer_id: 'd', churn_probability: '0.8889', errors: null },
    ]);
  });

  it('goes into a file of its own with --errors', async () => {
    const [output, errors] = [file('out.csv'), file('errors.csv')];
    const input = file('in.csv', csv(...LINES));
    const run = await score([input, output, '--keep', 'customer_id', '--errors', errors]);
    expect(run.exitCode).toBe(3);
    expect(readFileSync(output, 'utf8')).toBe(`customer_id,${FIELDS.join(',')}\na,${SCORES}\nd,${SCORES}\n`);
    expect(await sql(`FROM read_csv('${errors}', all_varchar = true)`)).toEqual([
      { row: '2', customer_id: 'b', errors: ROW_2 },
      { row: '3', customer_id: 'c\n"x"', errors: ROW_3 },
    ]);
  });

  it.each(['csv', 'parquet'])('is alone in the file of --errors, far into a file of %s', async (kind) => {
    const good = Array.from({ length: 100_000 }, (_, index) => `${index},${GOOD}`).join('\n');
    const inputs = [csv(good), csv(good, 'bad,600,79.99,479.94,1,1', good)];
    for (const [refusedCount, content] of inputs.entries()) {
      const text = file('in.csv', content);
      const input = kind === 'csv' ? text : file('in.parquet');
      await sql(
        `COPY (FROM read_csv('${text}', types = {'customer_id': 'VARCHAR'})) TO '${file('in.parquet')}'`,
      );
      const errors = file('errors.csv');
      const run = await score([input, file('out.csv'), '--keep', 'customer_id', '--errors', errors]);
      expect([run.exitCode, run.stderr]).toEqual([
        refusedCount === 0 ? 0 : 3,
        expect.stringContaining(`000 scored by model 1.0.0, ${refusedCount} refused`),
      ]);
      expect(
        await sql(`SELECT customer_id FROM read_csv('${errors}', header = true, all_varchar = true)`),
      ).toEqual(refusedCount === 0 ? [] : [{ customer_id: 'bad' }]);
    }
  });

  it('has its errors as the API states them in NDJSON', async () => {
    const customer = { tenure_months: '6', monthly_charges: 1, total_charges: 1, num_products: 1 };
    const lines = `${JSON.stringify(customer)}\nno JSON\n${JSON.stringify({ ...customer, tenure_months: 6, has_support_calls: 1 })}\n`;
    const run = await score(['-', '-', '--from', 'ndjson', '--to', 'ndjson', '--keep', ''], {}, lines);
    const answers = answersOf(run);
    expect(answers.map(({ errors }) => errors?.length ?? 0)).toEqual([2, 5, 0]);
    expect(answers[0]?.errors?.[0]).toEqual({
      row: 1,
      pointer: '/tenure_months',
      code: 'not_an_integer',
      detail: 'tenure_months must be an integer from 0 to 120, but is "6".',
    });
  });

  it('is the one with a number that JSON does not have, and no other row', async () => {
    const MODEL_PATH = writeBundle({ model: EVERY_TYPE_MODEL, manifest: everyTypeManifest() });
    const good = JSON.stringify(CUSTOMERS[1]);
    // DuckDB takes all of these for JSON.
    const lines = [
      good,
      good.replace('"Monthly Charges":1', '"Monthly Charges":NaN'),
      good.replace('"tenure":1', '"tenure":Infinity'),
      good.replace('"größe":"M"', '"größe":-Infinity'),
      good.replace('"is member":true', '"is member":[nan]'),
      good.replace('"ratio":0.01', '"ratio":1e400'),
      good,
    ];
    const run = await score(
      ['-', '-', '--from', 'ndjson', '--to', 'ndjson', '--keep', 'Monthly Charges,tenure'],
      { MODEL_PATH },
      `${lines.join('\n')}\n`,
    );
    expect([run.exitCode, run.stderr]).toEqual([
      3,
      expect.stringContaining('2 scored by model 1.0.0, 5 refused'),
    ]);
    const answers = answersOf(run);
    expect(answers.map(({ errors }) => errors?.map(({ detail }) => detail))).toEqual([
      undefined,
      ['The line is not JSON at Monthly Charges: "NaN" is not valid JSON.'],
      ['The line is not JSON at tenure: "Infinity" is not valid JSON.'],
      [expect.stringMatching(/^The line is not JSON at größe: /)],
      [expect.stringMatching(/^The line is not JSON at is member: /)],
      ['ratio must be a number from -1 to 1, but is beyond the range of a double.'],
      undefined,
    ]);
    expect(answers.slice(1, 3)).toMatchObject([
      { 'Monthly Charges': 'NaN', tenure: 1 },
      { 'Monthly Charges': 1, tenure: 'Infinity' },
    ]);
  });

  it('is a line that is no JSON object, also where every value may be missing', async () => {
    const environment = { MODEL_PATH: writeAllNullable() };
    const lines = ['{}', 'nope', '[1]', '{"tenure_months": 1', 'null', '', '{"senior_citizen":true}'];
    const input = file('in.ndjson', lines.join('\n'));
    const expected = await served([{}, { senior_citizen: true }], environment);
    const parameters: [string[], number][] = [
      [[], 4],
      [['--keep', ''], 4],
      [['--where', 'true'], 4],
      [['--where', 'senior_citizen'], 0],
    ];
    for (const [options, refusedCount] of parameters) {
      const run = await score([input, '-', '--to', 'ndjson', ...options], environment);
      expect([run.exitCode, run.stderr], options.join(' ')).toEqual([
        refusedCount === 0 ? 0 : 3,
        expect.stringContaining(` ${refusedCount} refused`),
      ]);
      const answers = answersOf(run);
      expect(answers.filter(({ errors }) => errors === null)).toMatchObject(
        refusedCount === 0 ? expected.slice(1) : expected,
      );
      expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual(
        [2, 3, 4, 5].slice(0, refusedCount).map((row) => ({
          row,
          pointer: '',
          code: 'not_an_object',
          detail: 'The line must be a JSON object, but is none.',
        })),
      );
    }
    const errors = file('errors.csv');
    expect((await score([input, file('out.csv'), '--errors', errors], environment)).exitCode).toBe(3);
    expect(await sql(`SELECT row::INTEGER AS row FROM '${errors}'`)).toEqual(
      [2, 3, 4, 5].map((row) => ({ row })),
    );
  });

  it('shows the value of a float32 column of Parquet that was checked', async () => {
    const manifest = readBundledManifest();
    const features = manifest.features.map((feature) =>
      feature.name === 'monthly_charges' ? { ...feature, bounds: { minimum: 9.99 } } : feature,
    );
    const MODEL_PATH = writeBundle({ model: readBundledModel(), manifest: { ...manifest, features } });
    const input = file('in.parquet');
    await sql(
      `COPY (SELECT 6 AS tenure_months, unnest([10, 9.99, 79.99])::FLOAT AS monthly_charges, 479.94::FLOAT AS total_charges, 1 AS num_products, 1 AS has_support_calls) TO '${input}'`,
    );
    const output = file('out.csv');
    const run = await score([input, output, '--keep', ''], { MODEL_PATH });
    expect([run.exitCode, run.stderr]).toEqual([
      3,
      expect.stringContaining('2 scored by model 1.0.0, 1 refused'),
    ]);
    expect(await sql(`SELECT errors FROM '${output}' WHERE errors IS NOT NULL`)).toEqual([
      { errors: 'row 2: monthly_charges must be a number of at least 9.99, but is 9.989999771118164.' },
    ]);
  });

  it('has the number that it has in the input, whatever --where leaves out, and far into a file', async () => {
    const good = Array.from({ length: 50_000 }, (_, index) => `${index},${GOOD}`);
    const input = file('in.csv', csv(...good, 'bad,6,-1,479.94,1,1', ...good));
    for (const source of [input, file('in.parquet')]) {
      if (source.endsWith('parquet')) {
        const rows = `read_csv('${input}', types = {'customer_id': 'VARCHAR'})`;
        await sql(`COPY (FROM ${rows}) TO '${source}' (FORMAT parquet)`);
      }
      const output = file('out.csv');
      const run = await score([source, output, '--where', "customer_id >= '40000' -- late ones"]);
      expect(run.exitCode).toBe(3);
      const refused = await sql(
        `SELECT customer_id, errors FROM read_csv('${output}', all_varchar = true) WHERE errors IS NOT NULL`,
      );
      expect(refused).toEqual([
        { customer_id: 'bad', errors: expect.stringMatching(/^row 50001: monthly_charges/) as string },
      ]);
    }
  });
});

describe('the rows of an answer', () => {
  it('are in the order of the input, with the kept columns as they came', async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => `00${index},${GOOD}`);
    const output = file('out.csv');
    await score([file('in.csv', csv(...lines)), output]);
    expect(readFileSync(output, 'utf8')).toBe(
      `${HEADER},${FIELDS.join(',')},errors\n${lines.map((line) => `${line},${SCORES},\n`).join('')}`,
    );
  });

  it('are those that fulfil the condition, in which features have their types', async () => {
    const input = file('in.csv', csv(`a,${GOOD}`, 'b,60,79.99,479.94,1,1', 'c,7,79.99,479.94,1,1'));
    const output = file('out.csv');
    await score([input, output, '--where', 'tenure_months < 10', '--keep', 'customer_id']);
    const ids = await sql(`SELECT customer_id FROM '${output}'`);
    expect(ids).toEqual([{ customer_id: 'a' }, { customer_id: 'c' }]);
  });
});

describe('a column that no line of NDJSON has', () => {
  it('is missing in each row, if it may be missing', async () => {
    const environment = { MODEL_PATH: writeAllNullable() };
    const customers = [
      { id: 1, senior_citizen: true },
      { id: 2, senior_citizen: false, tenure_months: 4 },
    ];
    const input = file('in.ndjson', ndjsonOf(customers));
    const expected = await served(customers, environment);
    for (const options of [
      [],
      ['--keep', 'id'],
      ['--where', 'monthly_charges IS NULL'],
      ['--keep', 'monthly_charges', '--where', "id >= '1'"],
    ]) {
      const run = await score([input, '-', '--to', 'ndjson', ...options], environment);
      expect([run.exitCode, run.stderr], options.join(' ')).toEqual([0, expect.stringContaining('2 scored')]);
      expect(answersOf(run)).toMatchObject(expected);
    }
    const run = await score([input, '-', '--to', 'csv'], environment);
    expect(run.stdout.toString()).toMatch(/^id,senior_citizen,tenure_months,churn_probability,/);
    // Nothing but empty customers.
    const empty = await score(['-', '-', '--from', 'ndjson', '--to', 'csv'], environment, '{}\n{}\n');
    expect([empty.exitCode, empty.stderr]).toEqual([0, expect.stringContaining('2 scored')]);
  });

  it('cannot be kept', async () => {
    const customers = Array.from({ length: 3000 }, () => HIGH_RISK_CUSTOMER);
    const late = { ...HIGH_RISK_CUSTOMER, late: 'a' };
    const input = file('in.ndjson', ndjsonOf([...customers, late]));
    const output = file('out.csv');
    for (const options of [[], ['--where', 'true']]) {
      const run = await score([input, output, '--keep', 'customer_idd', ...options]);
      expect([run.exitCode, run.stderr]).toEqual([
        2,
        expect.stringMatching(/--keep names columns that .* does not have: customer_idd\..* late\./),
      ]);
    }
    expect((await score([input, output, '--keep', 'late'])).exitCode).toBe(0);
    // An empty file and one without any object do not tell.
    const empty = await score(['-', output, '--from', 'ndjson', '--keep', 'customer_id'], {}, '');
    expect([empty.exitCode, readFileSync(output, 'utf8')]).toEqual([
      0,
      `customer_id,${FIELDS.join(',')},errors\n`,
    ]);
  });
});

describe('a path', () => {
  it('is no pattern: characters of patterns in it stand for themselves', async () => {
    // Other files that the names would match as patterns.
    for (const name of ['in1.csv', 'inx.csv', 'outx.csv']) {
      file(name, csv(`other,${GOOD}`));
    }
    for (const name of ['in[1].csv', 'in*.csv', 'in?.csv']) {
      const output = file('out?[1]*.csv');
      const errors = file('errors?[1]*.csv');
      const input = file(name, csv(`a,${GOOD}`, 'b,600,79.99,479.94,1,1'));
      const run = await score([input, output, '--keep', 'customer_id', '--errors', errors]);
      expect([run.exitCode, run.stderr], name).toEqual([3, expect.stringContaining('1 scored')]);
      expect(readFileSync(output, 'utf8'), name).toContain(`\na,${SCORES}\n`);
      expect(readFileSync(errors, 'utf8'), name).toContain('2,b,');
    }
    expect(readFileSync(file('outx.csv'), 'utf8')).toBe(csv(`other,${GOOD}`));
  });

  it('of a pipe that is stored in a folder of such a name is none either', async () => {
    const TMPDIR = file('tmp[1]*');
    mkdirSync(TMPDIR);
    const run = await score(
      ['-', '-', '--from', 'csv', '--to', 'csv', '--keep', 'customer_id'],
      { TMPDIR },
      csv(`a,${GOOD}`),
    );
    expect([run.exitCode, run.stdout.toString()]).toEqual([0, expect.stringContaining(`a,${SCORES}`)]);
  });

  it.each(['csv', 'ndjson', 'parquet'])(
    'states no column: %s in a folder named region=north',
    async (kind) => {
      const partition = file('region=north');
      mkdirSync(partition);
      const input = join(partition, `in.${kind}`);
      const rows = `SELECT 'south' AS region, 6 AS tenure_months, 79.99::DOUBLE AS monthly_charges, 479.94::DOUBLE AS total_charges, 1 AS num_products, 1 AS has_support_calls`;
      await sql(`COPY (${rows}) TO '${input}' (FORMAT ${kind === 'ndjson' ? 'json' : kind})`);
      const output = file('out.csv');
      for (const keep of [[], ['--keep', 'region']]) {
        const run = await score([input, output, ...keep]);
        expect(run.exitCode).toBe(0);
        expect(await sql(`SELECT region FROM '${output}'`)).toEqual([{ region: 'south' }]);
      }
    },
  );
});

describe('a pipe', () => {
  const INPUT = csv(`a,${GOOD}`);
  const OUTPUT = `customer_id,${FIELDS.join(',')},errors\na,${SCORES},\n`;

  it.each([
    ['csv', 'csv', (text: string) => Buffer.from(text), (bytes: Buffer) => bytes],
    ['csv.gz', 'csv.zst', (text: string) => gzipSync(text), zstdDecompressSync],
    ['csv.zst', 'csv.gz', (text: string) => zstdCompressSync(text), gunzipSync],
  ])('takes %s and gives %s', async (from, to, pack, unpack) => {
    const run = await score(
      ['-', '-', '--from', from, '--to', to, '--keep', 'customer_id'],
      { TMPDIR: folder },
      pack(INPUT),
    );
    expect([run.exitCode, unpack(run.stdout).toString()]).toEqual([0, OUTPUT]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('gets all of an answer, however slowly it is read', async () => {
    const input = file('in.csv', csv(...Array.from({ length: 20_000 }, (_, index) => `${index},${GOOD}`)));
    const child = spawnScore([input, '-', '--to', 'csv', '--keep', 'customer_id']);
    let byteCount = 0;
    for await (const bytes of child.stdout ?? []) {
      byteCount += (bytes as Buffer).length;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await score([input, file('out.csv'), '--keep', 'customer_id']);
    expect(byteCount).toBe(statSync(file('out.csv')).size);
  });
});

describe('a run that cannot be', () => {
  const INPUT = csv(`a,${GOOD}`);
  const LARGE_INPUT = INPUT + `a,${GOOD}\n`.repeat(20_000);

  it.each<[string, number, RegExp, () => string[]]>([
    ['no output', 2, /an input and an output are needed/i, () => ['in.csv']],
    ['an unknown option', 2, /Unknown option '--kep'/, () => ['a.csv', 'b.csv', '--kep', 'x']],
    ['an unknown format', 2, /"a\.txt" does not tell a format: state it by --from/, () => ['a.txt', 'b.csv']],
    ['the same file twice', 2, /different files/, () => ['a.csv', './a.csv']],
    ['no input', 4, /no\.csv cannot be read: ENOENT/, () => [file('no.csv'), file('out.csv')]],
    ['an empty input', 4, /it is empty/, () => [file('in.csv', ''), file('out.csv')]],
    [
      'a missing column',
      4,
      /lacks columns that the model needs: tenure_months.*Its columns are: a;b/,
      () => [file('in.csv', 'a;b\n1;2\n'), file('out.csv')],
    ],
    [
      'a column twice',
      4,
      /"customer_id" twice/,
      () => [file('in.csv', `customer_id,${INPUT}`), file('out.csv')],
    ],
    [
      'a row with too few cells',
      4,
      /CSV Error on Line: 3.*Expected Number of Columns: 6 Found: 2\.$/m,
      () => [file('in.csv', `${INPUT}a,2\n`), file('out.csv')],
    ],
    [
      'no Parquet',
      4,
      /No magic bytes|too small/i,
      () => [file('in.parquet', 'no Parquet, but a text'), file('out.csv')],
    ],
    [
      'a gzip file that is cut off at the end of a row',
      4,
      /in\.csv\.gz is cut off or damaged: unexpected end of file/,
      () => {
        const half = gzipSync(LARGE_INPUT, { finishFlush: constants.Z_SYNC_FLUSH });
        return [file('in.csv.gz', half), file('out.csv')];
      },
    ],
    [
      'a gzip file with another byte',
      4,
      /in\.csv\.gz is cut off or damaged: incorrect data check/,
      () => {
        const bytes = gzipSync(LARGE_INPUT, { level: 0 });
        bytes.write('8', bytes.lastIndexOf('79.99'));
        return [file('in.csv.gz', bytes), file('out.csv')];
      },
    ],
    [
      'a zstd file that is cut off',
      4,
      /in\.ndjson\.zst is cut off or damaged/,
      () => {
        const bytes = zstdCompressSync(ndjsonOf(Array<Customer>(20_000).fill(HIGH_RISK_CUSTOMER)));
        return [file('in.ndjson.zst', bytes.subarray(0, -4)), file('out.csv'), '--keep', ''];
      },
    ],
    [
      'a kept column that is not there',
      2,
      /--keep names columns that .* does not have: nobody/,
      () => [file('in.csv', INPUT), file('out.csv'), '--keep', 'nobody'],
    ],
    [
      'a condition on nothing',
      2,
      /--where "nobody > 1" is no condition on the input: .*"nobody" not found/,
      () => [file('in.csv', INPUT), file('out.csv'), '--where', 'nobody > 1'],
    ],
    [
      'a folder that is not there',
      4,
      /cannot be written: ENOENT/,
      () => [file('in.csv', INPUT), join(folder, 'no/out.csv')],
    ],
  ])('says so: %s', async (_case, exitCode, message, parameters) => {
    const given = parameters();
    const before = readdirSync(folder);
    const run = await score(given);
    expect([run.exitCode, run.stderr.trim()]).toEqual([exitCode, expect.stringMatching(message)]);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('says which types of Parquet columns are wrong', async () => {
    const input = file('in.parquet');
    await sql(`COPY (FROM read_csv('${file('in.csv', INPUT)}', all_varchar = true)) TO '${input}'`);
    const run = await score([input, file('out.csv')]);
    expect([run.exitCode, run.stderr]).toEqual([
      4,
      expect.stringContaining('tenure_months must be a number, but is VARCHAR'),
    ]);
  });

  it('does not score with a model that is not proven', async () => {
    const manifest = readBundledManifest();
    const wrong = manifest.golden_rows && {
      ...manifest.golden_rows,
      probabilities: manifest.golden_rows.probabilities.map((probability) => 1 - probability),
    };
    const MODEL_PATH = writeBundle({
      model: readBundledModel(),
      manifest: { ...manifest, golden_rows: wrong },
    });
    const output = file('out.csv');
    const run = await score([file('in.csv', INPUT), output], { MODEL_PATH });
    expect([run.exitCode, run.stderr]).toEqual([5, expect.stringContaining('as it did in training')]);
    expect(readdirSync(folder)).toEqual(['in.csv']);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('leaves no half file when %s ends it', async (signal, exitCode) => {
    const input = file('in.csv', csv());
    await sql(
      `COPY (SELECT i AS customer_id, 6 AS tenure_months, 79.99 AS monthly_charges, 479.94 AS total_charges, 1 AS num_products, 1 AS has_support_calls FROM range(3000000) AS rows(i)) TO '${input}'`,
    );
    writeFileSync(join(folder, 'out.csv'), 'of yesterday');
    const child = spawnScore([input, file('out.csv')]);
    const end = ended(child);
    while (!readdirSync(folder).some((name) => name.endsWith('.partial'))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill(signal);
    const run = await end;
    expect([run.exitCode, run.stderr]).toEqual([exitCode, expect.stringContaining('nothing was written')]);
    expect(readdirSync(folder).sort()).toEqual(['in.csv', 'out.csv']);
    expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toBe('of yesterday');
  });
});

it('shows how it is called', async () => {
  const run = await score(['--help']);
  expect([run.exitCode, run.stdout.toString()]).toEqual([0, expect.stringContaining('npm run score --')]);
});
