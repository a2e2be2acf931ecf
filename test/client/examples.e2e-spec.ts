import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER } from '../support/http.js';
import { type Service, startService } from '../support/service.js';

let service: Service;
let folder: string;
beforeAll(async () => {
  service = await startService();
  folder = mkdtempSync(join(tmpdir(), 'examples-'));
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

interface Run {
  readonly output: string;
  readonly errors: string;
  readonly code: number | null;
}

async function run(
  example: string,
  parameters: readonly string[],
  { input = '', environment = {} }: { input?: string; environment?: Record<string, string> } = {},
): Promise<Run> {
  const child = spawn(process.execPath, [`examples/${example}.ts`, ...parameters], {
    env: { PATH: process.env['PATH'], CHURN_API_URL: service.url, ...environment },
  });
  child.stdin.end(input);
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), exitOf(child)]);
  return { output, errors, code };
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', resolve));
}

describe('the dashboard', () => {
  it('shows the score and its strongest reasons', async () => {
    const { output } = await run('dashboard', [], { input: JSON.stringify(HIGH_RISK_CUSTOMER) });
    expect(output).toMatchInlineSnapshot(`
      "Churn risk: 89 % (HIGH)
        +25 %  tenure_months = 6
        +20 %  has_support_calls = 1
        +10 %  num_products = 1
      "
    `);
  });

  it('says what is wrong with a customer', async () => {
    const customer = { ...HIGH_RISK_CUSTOMER, tenure_months: -1 };
    const { errors, code } = await run('dashboard', [], { input: JSON.stringify(customer) });
    expect(errors).toContain('tenure_months must be an integer from 0 to 120, but is -1.');
    expect(code).toBe(1);
  });
});

describe('the retention job', () => {
  interface Workflow {
    readonly customer_id: string;
    readonly churn_probability: number;
  }

  it('starts one workflow for each customer above 0.8, also if it has to be run again', async () => {
    const started = new Map<string, Workflow>();
    let callCount = 0;
    const crm = createServer((request, response) => {
      callCount++;
      void json(request).then((workflow) => {
        // The third call fails, as a CRM may.
        if (callCount === 3) {
          response.writeHead(500).end();
        } else {
          started.set(String(request.headers['idempotency-key']), workflow as Workflow);
          response.writeHead(201).end();
        }
      });
    });
    await new Promise<void>((resolve) => crm.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      crm.close();
      crm.closeAllConnections();
    });
    const environment = {
      RETENTION_URL: `http://127.0.0.1:${(crm.address() as AddressInfo).port}/workflows`,
    };
    const customers = Array.from({ length: 230 }, (_, index) => ({
      customer_id: `c-${index}`,
      ...(index % 50 === 7 ? HIGH_RISK_CUSTOMER : LOW_RISK_CUSTOMER),
    }));
    const paths = ['customers.ndjson', 'journal.txt'].map((name) => join(folder, name));
    writeFileSync(paths[0] ?? '', customers.map((customer) => JSON.stringify(customer)).join('\n'));

    const first = await run('retention', paths, { environment });
    expect(first.errors).toContain('The workflow of customer c-107 was not started: 500');
    expect(first.code).toBe(1);
    const second = await run('retention', paths, { environment });
    expect(second.output).toBe('230 customers scored, 3 workflows started\n');
    const third = await run('retention', paths, { environment });
    expect(third.output).toBe('230 customers scored, 0 workflows started\n');

    expect(callCount).toBe(6);
    expect([...started.values()]).toEqual(
      [7, 57, 107, 157, 207].map((index) => ({ customer_id: `c-${index}`, churn_probability: 0.8889 })),
    );
    expect(
      readFileSync(paths[1] ?? '', 'utf8')
        .trim()
        .split('\n'),
    ).toEqual([...started.keys()]);
  });
});

describe('the mobile app', () => {
  it('shows the last score that it knows if there is none in time', async () => {
    const parameters = ['c-17', JSON.stringify(HIGH_RISK_CUSTOMER), join(folder, 'scores.json')];
    service.process.signal('SIGSTOP');
    expect((await run('mobile', parameters)).output).toBe('no score\n');
    service.process.signal('SIGCONT');
    await expect
      .poll(async () => (await run('mobile', parameters)).output, { timeout: 20_000 })
      .toBe('89 % now\n');
    service.process.signal('SIGSTOP');
    const { output, errors } = await run('mobile', parameters);
    service.process.signal('SIGCONT');
    expect(errors).toContain('TimeoutError');
    expect(output).toMatch(/^89 % as of 20\d\d-/);
  });
});
