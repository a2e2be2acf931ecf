import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../support/free-port.js';
import { HIGH_RISK_CUSTOMER, post, request } from '../support/http.js';
import {
  type LogLine,
  type Service,
  ServiceProcess,
  startService,
  startUnread,
  TAKES_BURSTS,
} from '../support/service.js';

const isRequest = ({ msg }: LogLine): boolean => msg === 'request completed';

const SENDERS = 50;
const PIPELINED = 10;

/** Requests, of which each has a log line of more than 500 bytes. */
async function sendMany(port: number, count: number): Promise<void> {
  await Promise.all(Array.from({ length: SENDERS }, () => sendOnOneConnection(port, count / SENDERS)));
}

async function sendOnOneConnection(port: number, count: number): Promise<void> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  const text = `GET /${'x'.repeat(190)} HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: ${'i'.repeat(128)}\r\n\r\n`;
  let answered = 0;
  let rest = '';
  while (answered < count) {
    const goal = answered + PIPELINED;
    socket.write(text.repeat(PIPELINED));
    while (answered < goal) {
      const [data] = (await once(socket, 'data')) as [string];
      const parts = (rest + data).split('HTTP/1.1 404 ');
      answered += parts.length - 1;
      rest = (parts.at(-1) ?? '').slice(-12);
    }
  }
  socket.destroy();
}

/** Predictions that must all be right. */
async function expectAnswers({ url }: Service, count: number): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: count }, () => post(`${url}/predict`, HIGH_RISK_CUSTOMER)),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(count);
}

/** A pipe that nobody reads, and that is full. */
function fullPipe(): number {
  const fifo = makeFifo();
  const pipe = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
  onTestFinished(() => {
    closeSync(pipe);
  });
  const page = Buffer.alloc(4096);
  for (;;) {
    try {
      writeSync(pipe, page);
    } catch {
      return pipe;
    }
  }
}

function fullDisk(): number {
  const file = openSync('/dev/full', 'w');
  onTestFinished(() => {
    closeSync(file);
  });
  return file;
}

function makeFifo(): string {
  const directory = mkdtempSync(join(tmpdir(), 'churn-log-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true });
  });
  const fifo = join(directory, 'fifo');
  execFileSync('mkfifo', [fifo]);
  return fifo;
}

describe('the log', () => {
  it('whose reader stalls loses and counts what exceeds 16 MiB, and says so when it is read again', async () => {
    const service = await startService(TAKES_BURSTS);
    service.process.stallOutput(true);
    await sendMany(service.port, 40_000);
    service.process.stallOutput(false);
    const { dropped_lines: dropped, level } = await service.process.line((line) => 'dropped_lines' in line);
    expect(level).toBe('warn');
    const { requestId } = await request(`${service.url}/last`);
    await service.process.requestLine(requestId);
    expect(dropped).toBeGreaterThan(1000);
    expect(service.process.lines.filter(isRequest).length + Number(dropped)).toBe(40_001);
    expect(service.process.lines.filter((line) => 'dropped_lines' in line)).toHaveLength(1);
    expect(service.process.noise).toEqual([]);
    expect(await service.stop()).toBe(0);
  });

  it.each([
    ['a pipe that nobody reads', '1', fullPipe],
    ['a pipe that nobody reads', '2', fullPipe],
    ['a full disk', '1', fullDisk],
    ['a full disk', '2', fullDisk],
  ])('on %s holds up neither requests nor the exit, with WORKERS=%s', async (_case, WORKERS, open) => {
    for (const LOG_FORMAT of ['json', 'pretty']) {
      const service = await startUnread(
        await freePort(),
        { ...TAKES_BURSTS, LOG_FORMAT, WORKERS },
        { stdout: open() },
      );
      await expectAnswers(service, 200);
      expect(await service.stop()).toBe(0);
      expect(service.process.noise).toEqual([]);
    }
  });

  it('harms nobody if only its first line is read', async () => {
    const fifo = makeFifo();
    const head = spawn('head', ['-n', '1', fifo], { stdio: ['ignore', 'ignore', 'inherit'] });
    const stdout = openSync(fifo, 'w');
    const service = await startUnread(await freePort(), TAKES_BURSTS, { stdout });
    closeSync(stdout);
    await expectAnswers(service, 200);
    expect(head.exitCode).toBe(0);
    expect(await service.stop()).toBe(0);
    expect(service.process.noise).toEqual([]);
  });

  it.each([
    ['a pipe that nobody reads', fullPipe],
    ['a full disk', fullDisk],
  ])('on %s does not keep a start that fails from ending', async (_case, open) => {
    const service = ServiceProcess.spawn({ PORT: '70000' }, undefined, { stdout: open() });
    expect(await service.exit()).toBe(1);
  });
});
