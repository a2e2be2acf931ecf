import { execFileSync } from 'node:child_process';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { fixtureManifest, readFixture, writeBundle } from '../support/bundle.js';
import { Caller } from '../support/caller.js';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post } from '../support/http.js';
import { freePort } from '../support/free-port.js';
import { type Service, ServiceProcess, TAKES_BURSTS } from '../support/service.js';
import { says, startTwoWorkers, workerPids } from '../support/two-workers.js';

const REPLACED = 'the worker is replaced';

/** Callers that keep their connections, each with a customer of its own, whose probability it knows. */
class Callers {
  private constructor(
    private readonly callers: readonly Caller[],
    private readonly known: readonly unknown[],
    /** The worker that serves each of them. */
    readonly workerPids: readonly unknown[],
  ) {}

  static async open({ url, process }: Service, count: number): Promise<Callers> {
    const callers = Array.from({ length: count }, () => new Caller(url));
    const answers = await Promise.all(
      callers.map((caller, index) => caller.post('/predict', customer(index))),
    );
    const lines = await Promise.all(answers.map(({ requestId }) => process.requestLine(requestId)));
    return new Callers(
      callers,
      answers.map(({ body }) => body['churn_probability']),
      lines.map(({ pid }) => pid),
    );
  }

  /**
   * Each sends requests one after the other, all at the same time.
   *
   * @returns how many answers were right, what the others were, and whose requests broke
   */
  async ask(requestsEach: number, afterAnswer: (answerCount: number) => void): Promise<Outcome> {
    const outcome: Outcome = { right: 0, wrong: [], brokenCallers: [] };
    await Promise.all(
      this.callers.map(async (caller, index) => {
        for (let sent = 0; sent < requestsEach; sent++) {
          try {
            const { status, body } = await caller.post('/predict', customer(index));
            if (status === 200 && body['churn_probability'] === this.known[index]) {
              outcome.right++;
            } else {
              outcome.wrong.push([status, body]);
            }
            afterAnswer(outcome.right);
          } catch {
            outcome.brokenCallers.push(index);
          }
        }
      }),
    );
    return outcome;
  }

  close(): void {
    this.callers.forEach((caller) => {
      caller.close();
    });
  }
}

interface Outcome {
  right: number;
  readonly wrong: unknown[];
  readonly brokenCallers: number[];
}

function customer(index: number): unknown {
  return { ...HIGH_RISK_CUSTOMER, tenure_months: index };
}

describe('a worker', () => {
  it('that is killed under load loses only its requests in flight, and is replaced', async () => {
    const service = await startTwoWorkers(TAKES_BURSTS);
    const callers = await Callers.open(service, 32);
    const [victim = 0] = workerPids(service);
    const onVictim = callers.workerPids.flatMap((pid, index) => (pid === victim ? [index] : []));
    expect(onVictim.length).toBeGreaterThan(0);
    expect(onVictim.length).toBeLessThan(32);

    const { right, wrong, brokenCallers } = await callers.ask(100, (answerCount) => {
      if (answerCount === 1000) {
        process.kill(victim, 'SIGKILL');
      }
    });
    expect(wrong).toEqual([]);
    // At most the one request that each had in flight there.
    expect(onVictim).toEqual(expect.arrayContaining(brokenCallers));
    expect(new Set(brokenCallers).size).toBe(brokenCallers.length);
    expect(right).toBe(3200 - brokenCallers.length);

    const line = await service.process.line(says(REPLACED));
    expect(line).toMatchObject({ level: 'info', ready_ms: expect.any(Number) as number });
    await service.process.lineCount(says('listening'), 3);
    expect(workerPids(service)).toContain(line['worker_pid']);
    callers.close();
    expect(await service.stop()).toBe(0);
  });

  it('that the system cannot start is tried again, until it can', async () => {
    const service = await startTwoWorkers();
    const supervisor = ['--pid', String(service.process.pid)];
    execFileSync('prlimit', [...supervisor, '--nofile=3:']);
    const [first = NaN] = workerPids(service);
    process.kill(first, 'SIGKILL');
    await service.process.line(says(/^a worker ended before it began \(.* EMFILE\) and is replaced$/));
    execFileSync('prlimit', [...supervisor, '--nofile=1024:']);
    await service.process.line(says('the worker is replaced'));
    expect((await post(`${service.url}/predict`, LOW_RISK_CUSTOMER)).status).toBe(200);
    expect(await service.stop()).toBe(0);
  });

  it('whose event loop is stuck is killed and replaced, while the other answers', async () => {
    const getStuck =
      "import { writeSync } from 'node:fs'; process.on('SIGUSR2', () => { writeSync(1, 'stuck\\n'); for (;;); })";
    const service = await startTwoWorkers({
      STALL_TIMEOUT_MS: '1000',
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(getStuck)}`,
    });
    const callers = await Callers.open(service, 8);
    const [victim = 0] = workerPids(service);
    const onVictim = callers.workerPids.filter((pid) => pid === victim).length;
    process.kill(victim, 'SIGUSR2');
    await service.process.text(/stuck/);
    // One of the new connections is offered to the worker that is stuck, and must come to the other in the end.
    const newcomers = Promise.all(
      Array.from({ length: 4 }, () => post(`${service.url}/predict`, customer(0), { Connection: 'close' })),
    );
    const { right, wrong, brokenCallers } = await callers.ask(20, () => undefined);
    expect(wrong).toEqual([]);
    // One request of each caller is stuck with it.
    expect(brokenCallers.length).toBe(onVictim);
    expect(right).toBe(160 - brokenCallers.length);
    expect((await newcomers).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await service.process.line(({ msg }) => msg.startsWith('a worker gives no sign'))).toMatchObject({
      worker_pid: victim,
    });
    await service.process.line(says(REPLACED));
    callers.close();
    expect(await service.stop()).toBe(0);
  });
});

describe('a model file', () => {
  const model = readFixture('output_n1');

  it.each<[string, (path: string) => void]>([
    [
      'replaced by another',
      (path) => {
        writeFileSync(path, readFixture('output_n'));
      },
    ],
    [
      'truncated',
      (path) => {
        truncateSync(path, 100);
      },
    ],
    [
      'deleted',
      (path) => {
        rmSync(path);
      },
    ],
  ])('that is %s while it is served loses no request, not even on SIGHUP', async (_case, spoil) => {
    const manifest = fixtureManifest(model);
    const path = writeBundle({ model, manifest });
    const service = await startTwoWorkers({ MODEL_PATH: path });
    const callers = await Callers.open(service, 8);
    spoil(path);
    service.process.signal('SIGHUP');
    const kept = 'a new worker did not become ready, so the old ones keep serving';
    let isKept = false;
    const line = service.process.line(says(kept)).then((found) => {
      isKept = true;
      return found;
    });
    let right = 0;
    while (!(isKept as boolean)) {
      const outcome = await callers.ask(10, () => undefined);
      expect([outcome.wrong, outcome.brokenCallers]).toEqual([[], []]);
      right += outcome.right;
    }
    expect(right).toBeGreaterThan(0);
    expect(await line).toMatchObject({ level: 'error', replaced: 0, kept: 2 });
    expect(service.process.lines.filter(({ level }) => level === 'fatal')).toEqual([
      expect.objectContaining({ msg: expect.stringContaining(path) as string }),
    ]);

    // A worker that is lost now cannot be replaced; the other serves all.
    const [victim = 0] = workerPids(service);
    process.kill(victim, 'SIGKILL');
    await service.process.line(says('a worker ended with code 1 and is replaced'));
    const after = await callers.ask(10, () => undefined);
    expect(after.wrong).toEqual([]);
    const onVictim = callers.workerPids.filter((pid) => pid === victim).length;
    expect(after.brokenCallers.length).toBeLessThanOrEqual(onVictim);
    callers.close();
    expect(await service.stop()).toBe(0);
  });
});

describe('a port that is taken', () => {
  it('ends the start with exit code 1 and says so, with several workers too', async () => {
    const port = await freePort();
    const holder = createServer().listen(port, '127.0.0.1');
    await once(holder, 'listening');
    const service = ServiceProcess.spawn({ WORKERS: '2', PORT: String(port) });
    expect(await service.exit()).toBe(1);
    expect(service.lines.filter(({ level }) => level === 'fatal').map(({ msg }) => msg)).toEqual([
      `Cannot listen on 127.0.0.1:${port}: the address is in use. Set PORT or HOST.`,
      expect.stringMatching(/^No worker is ready: each one ended during its start/) as string,
    ]);
    expect(service.noise).toEqual([]);
    holder.close();
  });
});
