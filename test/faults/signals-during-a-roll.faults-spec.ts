import { describe, expect, it } from 'vitest';
import { HIGH_RISK_CUSTOMER, request } from '../support/http.js';
import { RawConnection, rawPost } from '../support/raw-connection.js';
import { type LogLine, type Service, ServiceProcess, startService } from '../support/service.js';

function says(message: string): (line: LogLine) => boolean {
  return ({ msg }) => msg.startsWith(message);
}

/** Every process that served has said so, and that it drains. */
function undrained({ lines }: ServiceProcess): unknown[] {
  const drained = new Set(lines.filter(says('draining')).map(({ pid }) => pid));
  return lines
    .filter(says('listening'))
    .map(({ pid }) => pid)
    .filter((pid) => !drained.has(pid));
}

async function readinessUntilGone({ url }: Service): Promise<number[]> {
  const statuses: number[] = [];
  for (;;) {
    try {
      const { status } = await request(`${url}/health/ready`, { headers: { Connection: 'close' } });
      statuses.push(status);
    } catch {
      return statuses;
    }
  }
}

describe('SIGTERM while SIGHUP replaces the workers', () => {
  // By the number of lines that were written of each kind before: each start writes one.
  it.each([
    ['when the roll begins', 'SIGHUP: replacing', 1],
    ['while the first new worker loads the model', 'loading model', 3],
    ['when the first new worker has loaded it', 'model loaded', 3],
    ['when the first new worker listens', 'listening', 3],
    ['when the first old worker retires', 'retiring', 1],
    ['while the second new worker loads the model', 'loading model', 4],
  ])('%s drains all workers, and loses no request', async (_, line, count) => {
    const service = await startService({ WORKERS: '2', SHUTDOWN_DELAY_MS: '1000' });
    await service.process.line(says('all workers are ready'));
    const connection = await RawConnection.open(service.port);
    const whole = rawPost('/predict', HIGH_RISK_CUSTOMER);
    await connection.send(whole.slice(0, -10));
    await request(`${service.url}/health/live`, { headers: { Connection: 'close' } });

    service.process.signal('SIGHUP');
    await service.process.lineCount(says(line), count);
    service.process.signal('SIGTERM');
    // One that was replaced before is "retiring"; the other one drains on the signal.
    await service.process.lineCount(says('draining'), 2);
    const readiness = readinessUntilGone(service);
    await connection.send(whole.slice(-10));
    expect(await connection.untilClosed()).toMatch(/^HTTP\/1\.1 200 /);
    expect(await service.process.exit()).toBe(0);
    expect(new Set(await readiness)).not.toContain(200);
    expect(undrained(service.process)).toEqual([]);
    expect(service.process.lines.filter(says('all workers are replaced'))).toEqual([]);
  });
});

describe('SIGTERM during the start of several workers', () => {
  it.each([
    ['while the first one loads the model', 'loading model', 1],
    ['when the first one listens', 'listening', 1],
    ['while the second one loads the model', 'loading model', 2],
  ])('%s ends the service with exit code 0, and starts no more', async (_, line, count) => {
    const service = ServiceProcess.spawn({ WORKERS: '2' });
    await service.lineCount(says(line), count);
    service.signal('SIGTERM');
    expect(await service.exit()).toBe(0);
    expect(undrained(service)).toEqual([]);
    expect(service.lines.filter(says('all workers are ready'))).toEqual([]);
  });
});
