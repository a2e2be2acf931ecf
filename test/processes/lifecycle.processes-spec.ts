import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HIGH_RISK_CUSTOMER, LOW_RISK_CUSTOMER, post, request } from '../support/http.js';
import { Scrape } from '../support/metrics.js';
import { RawConnection, rawPost } from '../support/raw-connection.js';
import { ServiceProcess, startService, TAKES_BURSTS } from '../support/service.js';
import { SERVICE_VERSION } from '../support/service-version.js';
import { matrixOf, tenuresOf } from '../support/tensor-client.js';

describe('the start', () => {
  it('says that the model is loading, loaded, explained and served, and nothing else at INFO', async () => {
    const service = await startService();
    const { process } = service;
    expect(process.lines).toEqual([
      expect.objectContaining({
        level: 'info',
        msg: 'loading model',
        path: resolve('models/churn_model.onnx'),
      }),
      expect.objectContaining({ level: 'info', msg: 'the model fits into memory', sessions: 1 }),
      expect.objectContaining({
        level: 'info',
        msg: 'model loaded',
        version: '1.0.0',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        verified: true,
        execution_provider: 'cpu',
        load_ms: expect.any(Number) as number,
      }),
      expect.objectContaining({
        level: 'info',
        msg: 'explanations proven',
        background_rows: 128,
        method: 'exact',
      }),
      expect.objectContaining({ level: 'info', msg: 'listening', service_version: SERVICE_VERSION }),
    ]);
    expect(process.noise).toEqual([]);
    await service.stop();
  });

  it('fails with one line that names every offending setting', async () => {
    const process = ServiceProcess.spawn({ PORT: '70000', LOG_LEVEL: 'loud' });
    expect(await process.exit()).toBe(1);
    expect(process.lines).toEqual([
      expect.objectContaining({
        level: 'fatal',
        msg: expect.stringMatching(
          /PORT must be .* but is "70000"; LOG_LEVEL must be .* but is "loud"/,
        ) as string,
      }),
    ]);
    expect(process.noise).toEqual([]);
  });

  it('fails with one line if the port is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as { port: number };
    const process = ServiceProcess.spawn({ PORT: String(port) });
    expect(await process.exit()).toBe(1);
    expect(process.lines.filter(({ level }) => level === 'fatal')).toEqual([
      expect.objectContaining({
        msg: `Cannot listen on 127.0.0.1:${port}: the address is in use. Set PORT or HOST.`,
      }),
    ]);
    holder.close();
  });

  it('fails with one line if the host is not valid', async () => {
    const process = ServiceProcess.spawn({ HOST: 'no.such.host.invalid' });
    expect(await process.exit()).toBe(1);
    expect(process.lines.map(({ level }) => level)).toEqual(['info', 'info', 'info', 'info', 'fatal']);
    expect(process.lines.at(-1)?.msg).toMatch(
      /^Cannot listen on no\.such\.host\.invalid:0: .*Set PORT or HOST\.$/,
    );
    expect(process.noise).toEqual([]);
  });

  it('reads .env in the working directory, over which the environment wins', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'churn-'));
    await writeFile(
      join(directory, '.env'),
      `MODEL_PATH=${resolve('models/churn_model.onnx')}\nLOG_LEVEL=debug\nHOST=256.0.0.1\n`,
    );
    const service = await startService({ HOST: '127.0.0.1' }, directory);
    await request(`${service.url}/health/live`);
    await service.process.line(({ level }) => level === 'debug');
    await service.stop();
    await rm(directory, { recursive: true });
  });
});

describe('the shutdown', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'on %s ends with exit code 0 and the model released',
    async (signal) => {
      const { process, url } = await startService();
      await post(`${url}/predict`, HIGH_RISK_CUSTOMER);
      process.signal(signal);
      expect(await process.exit()).toBe(0);
      expect(process.lines.at(-1)).toMatchObject({ msg: 'model released' });
    },
  );

  it('answers requests that are still on their way, and closes their connections', async () => {
    const { process, port } = await startService();
    const text = rawPost('/predict', HIGH_RISK_CUSTOMER, { 'X-Request-Id': 'in-flight' });
    const late = rawPost('/predict/batch', { customers: [LOW_RISK_CUSTOMER] }, { 'X-Request-Id': 'late' });
    const inFlightConnection = await RawConnection.open(port);
    const lateConnection = await RawConnection.open(port);
    await inFlightConnection.send(text.slice(0, -20));
    // Part of the headers: the connection is in use, but no request has arrived.
    await lateConnection.send(late.slice(0, 30));
    // Answered after both were read: the server takes what has arrived in order.
    await post(`http://127.0.0.1:${port}/predict`, HIGH_RISK_CUSTOMER);

    process.signal('SIGTERM');
    await process.line(({ msg }) => msg === 'draining');
    await inFlightConnection.send(text.slice(-20));
    await lateConnection.send(late.slice(30));

    expect(await inFlightConnection.untilClosed()).toMatch(/^HTTP\/1\.1 200 OK[^]*"risk_tier":"HIGH"/);
    expect(await lateConnection.untilClosed()).toMatch(
      /^HTTP\/1\.1 200 OK[^]*Connection: close[^]*"risk_tier":"LOW"/,
    );
    expect(await process.exit()).toBe(0);
    expect(await process.requestLine('in-flight')).toMatchObject({ status: 200 });
    expect(await process.requestLine('late')).toMatchObject({ status: 200 });
    expect(process.lines.at(-1)).toMatchObject({ msg: 'model released' });
  });

  it('sends answers whole that are written but not read yet, and those behind them', async () => {
    const rowCount = 300_000;
    const { process, port, url } = await startService({
      ...TAKES_BURSTS,
      REQUEST_TIMEOUT_MS: '60000',
      MAX_INFER_ROWS: String(rowCount),
      BODY_LIMIT_BYTES: '100000000',
    });
    const slow = await RawConnection.open(port);
    slow.stopReading();
    // Its answer is more than the socket buffers of both sides hold.
    const large = rawPost('/v2/models/churn_model/infer', { inputs: [matrixOf(tenuresOf(rowCount))] });
    await slow.send(large + rawPost('/predict', HIGH_RISK_CUSTOMER) + rawPost('/predict', LOW_RISK_CUSTOMER));
    await slow.readUpTo(1);
    const requestsInFlight = async (): Promise<number> =>
      (await Scrape.of(url)).sum('http_requests_in_flight');
    // With the scrape itself.
    await expect.poll(requestsInFlight).toBe(4);

    process.signal('SIGTERM');
    await process.line(({ msg }) => msg === 'draining');
    const answers = (await slow.untilClosed()).split('HTTP/1.1 200 OK');
    expect(answers.map((answer) => answer.slice(-60))).toEqual([
      '',
      expect.stringMatching(/"\]\}\]\}$/),
      expect.stringContaining('"risk_tier":"HIGH"'),
      expect.stringContaining('"risk_tier":"LOW"'),
    ]);
    expect(await process.exit()).toBe(0);
  });

  it('goes on for SHUTDOWN_DELAY_MS after SIGTERM: no longer ready, but alive and answering', async () => {
    const { process, url, port } = await startService({ SHUTDOWN_DELAY_MS: '1000' });
    const idle = await RawConnection.open(port);
    await idle.send(rawPost('/predict', HIGH_RISK_CUSTOMER));
    await idle.until(/"risk_tier"/);
    process.signal('SIGTERM');
    expect(await process.line(({ msg }) => msg === 'draining')).toMatchObject({
      signal: 'SIGTERM',
      shutdown_delay_ms: 1000,
    });
    expect((await request(`${url}/health/ready`)).status).toBe(503);
    expect((await request(`${url}/health`)).status).toBe(503);
    expect((await request(`${url}/health/live`)).status).toBe(200);
    const late = await post(`${url}/predict`, LOW_RISK_CUSTOMER);
    expect(late.status).toBe(200);
    expect(late.headers.get('Connection')).toBe('close');
    await idle.send(rawPost('/predict', LOW_RISK_CUSTOMER));
    expect(await idle.untilClosed()).toMatch(/Connection: close[^]*"risk_tier":"LOW"/);
    expect(await process.exit()).toBe(0);
    expect(process.lines.at(-1)).toMatchObject({ msg: 'model released' });
  });

  it('does not delay on SIGINT, which comes from a terminal', async () => {
    const { process } = await startService({ SHUTDOWN_DELAY_MS: '600000' });
    process.signal('SIGINT');
    expect(await process.exit()).toBe(0);
  });

  it('leaves liveness at 200 while the last requests are finished', async () => {
    const { process, port, url } = await startService();
    const probe = await RawConnection.open(port);
    await probe.send('GET /health/live HTTP/1.1\r\n');
    await request(`${url}/health/live`);
    process.signal('SIGTERM');
    await process.line(({ msg }) => msg === 'draining');
    await probe.send('Host: localhost\r\n\r\n');
    expect(await probe.untilClosed()).toMatch(/^HTTP\/1\.1 200 [^]*Connection: close[^]*"status":"ok"/);
    expect(await process.exit()).toBe(0);
  });

  it('does not wait for connections that have sent nothing', async () => {
    const { process, port } = await startService({ SHUTDOWN_TIMEOUT_MS: '600000' });
    const silent = await RawConnection.open(port);
    // A server accepts in order: after this answer it has accepted the silent connection.
    await request(`http://127.0.0.1:${port}/health/live`);
    process.signal('SIGTERM');
    expect(await process.exit()).toBe(0);
    expect(await silent.untilClosed()).toBe('');
  });

  it('waits no longer than SHUTDOWN_TIMEOUT_MS for a body that never ends', async () => {
    const { process, port } = await startService({ SHUTDOWN_TIMEOUT_MS: '100' });
    const endless = await RawConnection.open(port);
    await endless.send(rawPost('/predict', HIGH_RISK_CUSTOMER, { 'X-Request-Id': 'endless' }).slice(0, -20));
    await post(`http://127.0.0.1:${port}/predict`, HIGH_RISK_CUSTOMER);
    process.signal('SIGTERM');
    expect(await process.exit()).toBe(0);
    expect(await process.requestLine('endless')).toMatchObject({ status: 499 });
    expect(process.lines.at(-1)).toMatchObject({ msg: 'model released' });
  });

  it('ends at once on a second signal', async () => {
    const { process, port } = await startService({ SHUTDOWN_TIMEOUT_MS: '600000' });
    const endless = await RawConnection.open(port);
    await endless.send('POST /predict HTTP/1.1\r\n');
    await post(`http://127.0.0.1:${port}/predict`, HIGH_RISK_CUSTOMER);
    process.signal('SIGTERM');
    await process.line(({ msg }) => msg === 'draining');
    process.signal('SIGTERM');
    expect(await process.exit()).toBe(1);
  });

  it('loses no log line, though its reader has stalled', async () => {
    const { process, url } = await startService();
    process.stallOutput(true);
    for (let sent = 0; sent < 1000; sent++) {
      await request(`${url}/nothing/${'x'.repeat(150)}`);
    }
    process.signal('SIGTERM');
    process.stallOutput(false);
    expect(await process.exit()).toBe(0);
    expect(process.lines.filter(({ msg }) => msg === 'request completed')).toHaveLength(1000);
    expect(process.lines.at(-1)).toMatchObject({ msg: 'model released' });
  });

  it('turns readiness and health to 503 while requests are finished', async () => {
    const { process, port, url } = await startService({ LOG_LEVEL: 'debug' });
    const probes = await Promise.all(['/health', '/health/ready'].map(() => RawConnection.open(port)));
    const [health, ready] = probes;
    await health?.send('GET /health HTTP/1.1\r\n');
    await ready?.send('GET /health/ready HTTP/1.1\r\n');
    await request(`${url}/health/live`);

    process.signal('SIGTERM');
    await process.line(({ msg }) => msg === 'draining');
    await health?.send('Host: localhost\r\nConnection: close\r\n\r\n');
    await ready?.send('Host: localhost\r\nConnection: close\r\n\r\n');

    expect(await health?.untilClosed()).toMatch(
      /^HTTP\/1\.1 503 [^]*\{"status":"unhealthy","model_loaded":false,"model_version":"1.0.0","uptime_seconds":[\d.]+\}$/,
    );
    expect(await ready?.untilClosed()).toMatch(
      /^HTTP\/1\.1 503 [^]*"error":\{"model":\{"reason":"draining","status":"down"\}\}/,
    );
    expect(await process.exit()).toBe(0);
  });
});

describe('a crash', () => {
  it('loses no line, ends with one that says why, and exits with code 1', async () => {
    const crashOnSignal = "process.on('SIGUSR2', () => { throw new Error('injected') })";
    const { process, url } = await startService({
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(crashOnSignal)}`,
    });
    await post(`${url}/predict`, HIGH_RISK_CUSTOMER, { 'X-Request-Id': 'before-the-crash' });
    process.signal('SIGUSR2');
    expect(await process.exit()).toBe(1);
    expect(process.lines.slice(-2)).toEqual([
      expect.objectContaining({ msg: 'request completed', request_id: 'before-the-crash' }),
      expect.objectContaining({
        level: 'fatal',
        msg: 'injected',
        err: expect.objectContaining({ stack: expect.stringContaining('injected') as string }) as object,
      }),
    ]);
    expect(process.noise).toEqual([]);
  });
});
