import { once } from 'node:events';
import { connect, type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { status } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { failureOf, GrpcClient, grpcAddressOf, INFERENCE, rawMatrix } from '../support/grpc.js';
import { HIGH_RISK_CUSTOMER, post, request } from '../support/http.js';
import { Scrape } from '../support/metrics.js';
import { type Service, startService, TAKES_BURSTS } from '../support/service.js';

const ROW = Object.values(HIGH_RISK_CUSTOMER);
const MANY_ROWS = rawMatrix(ROW, 10_000);
const ONE_ROW = rawMatrix(ROW, 1);
const GRPC = { GRPC_PORT: '0', ...TAKES_BURSTS };
const INFER_PATH = `/${INFERENCE}/ModelInfer`;
const HEADERS = {
  ':method': 'POST',
  ':path': INFER_PATH,
  'content-type': 'application/grpc',
  te: 'trailers',
};

function rawSession(service: Service): ClientHttp2Session {
  const session = connect(`http://${grpcAddressOf(service)}`);
  session.on('error', () => undefined);
  onTestFinished(() => {
    session.destroy();
  });
  return session;
}

function rawSocket(service: Service): Socket {
  const [host = '', port = ''] = grpcAddressOf(service).split(':');
  const socket = connectTcp(Number(port), host);
  socket.on('error', () => undefined);
  onTestFinished(() => {
    socket.destroy();
  });
  return socket;
}

/** Calls by turns until it is told to stop. @returns how many were answered, and how the others failed */
function callsUntil(service: Service, signal: AbortSignal): Promise<{ answered: number; failed: string[] }> {
  const client = GrpcClient.of(service);
  const failed: string[] = [];
  let answered = 0;
  return (async () => {
    while (!signal.aborted) {
      await client.infer(MANY_ROWS).then(
        () => answered++,
        (error: unknown) => failed.push((error as Error).message),
      );
    }
    return { answered, failed };
  })();
}

describe('gRPC', () => {
  it('gives the place of a call that is cancelled to others', async () => {
    const service = await startService(GRPC);
    const client = GrpcClient.of(service);
    const leaving = new AbortController();
    const calls = Array.from({ length: 12 }, () => client.infer(MANY_ROWS, { signal: leaving.signal }));
    const left = calls.map((answer) => failureOf(answer).catch(() => undefined));
    await Promise.race(calls);
    leaving.abort();
    const codes = (await Promise.all(left)).map((failure) => failure?.code);
    expect(codes).toContain(status.CANCELLED);
    const line = await service.process.line(({ grpc_status }) => grpc_status === 'CANCELLED');
    expect(line).toMatchObject({ status: 499, route: INFER_PATH });
    expect((await client.infer(MANY_ROWS)).outputs).toHaveLength(3);
    expect((await Scrape.of(service.url)).sum('model_idle_rows_waiting')).toBe(0);
    expect(await service.stop()).toBe(0);
  });

  it('answers the calls in flight on SIGTERM, and then ends', async () => {
    // A slow machine must refuse none of the calls.
    const service = await startService({ ...GRPC, SHUTDOWN_DELAY_MS: '300', REQUEST_TIMEOUT_MS: '60000' });
    const client = GrpcClient.of(service);
    const answers = Array.from({ length: 10 }, () => client.infer(MANY_ROWS));
    await client.check();
    const exit = service.stop();
    await service.process.line(({ msg }) => msg === 'draining');
    expect(await client.check()).toEqual({ status: 'NOT_SERVING' });
    for (const answer of answers) {
      expect((await answer).outputs).toHaveLength(3);
    }
    expect(await exit).toBe(0);
    expect(service.process.noise).toEqual([]);
  });

  it('is broken off after SHUTDOWN_TIMEOUT_MS by a client that sends no end', async () => {
    const service = await startService({ ...GRPC, SHUTDOWN_TIMEOUT_MS: '500' });
    const stream = rawSession(service).request(HEADERS);
    stream.on('error', () => undefined);
    stream.write(Buffer.from([0, 0, 0, 1, 0]));
    rawSocket(service);
    await GrpcClient.of(service).check();
    expect(await service.stop()).toBe(0);
  });

  it('fails no call of workers that are replaced', async () => {
    const service = await startService({ ...GRPC, WORKERS: '2' });
    await service.process.line(({ msg }) => msg === 'all workers are ready');
    const stopping = new AbortController();
    const clients = Array.from({ length: 4 }, () => callsUntil(service, stopping.signal));
    service.process.signal('SIGHUP');
    await service.process.line(({ msg }) => msg === 'all workers are replaced');
    stopping.abort();
    for (const { answered, failed } of await Promise.all(clients)) {
      expect(failed).toEqual([]);
      expect(answered).toBeGreaterThan(0);
    }
    expect(await service.stop()).toBe(0);
    expect(service.process.noise).toEqual([]);
  });

  it('gives up a message that does not arrive in RECEIVE_TIMEOUT_MS, and an answer that is not read', async () => {
    const service = await startService({
      ...GRPC,
      RECEIVE_TIMEOUT_MS: '1000',
      SEND_TIMEOUT_MS: '1000',
      SHUTDOWN_TIMEOUT_MS: '500',
    });
    const session = rawSession(service);
    // A part of a message, and a whole one without the end of the stream.
    for (const begun of [Buffer.from([0, 0, 0, 1, 0]), frame(Buffer.alloc(0))]) {
      const refusal = await refusalOf(session, HEADERS, begun);
      expect(refusal.code).toBe(status.DEADLINE_EXCEEDED);
      expect(refusal.message).toBe('The message did not arrive in time.');
    }

    const reader = rawSession(service);
    const sent = reader.request(HEADERS);
    sent.on('error', () => undefined);
    sent.end(inferFrame());
    // It never reads, so that its window stays closed.
    const line = await service.process.line(({ reason }) => reason === 'answer_not_read');
    expect(line).toMatchObject({ route: INFER_PATH, status: 499 });
    expect(await service.stop()).toBe(0);
  });

  it('serves beside a thousand connections, and probes beyond MAX_CONNECTIONS', async () => {
    const service = await startService({ ...GRPC, MAX_CONNECTIONS: '1000' });
    const sockets = Array.from({ length: 1000 }, () => rawSocket(service));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    const client = GrpcClient.of(service);
    // The service may not have taken all of them yet.
    while (((await client.check()) as { status: string }).status !== 'NOT_SERVING') {
      await delay(10);
    }
    expect(await failureOf(client.infer(ONE_ROW))).toMatchObject({ code: status.UNAVAILABLE });
    expect((await request(`${service.url}/v2/health/ready`)).status).toBe(503);
    for (const socket of sockets) {
      socket.destroy();
    }
    while (((await client.check()) as { status: string }).status !== 'SERVING') {
      await delay(10);
    }
    expect((await client.infer(ONE_ROW)).outputs).toHaveLength(3);
    expect(await service.stop()).toBe(0);
  });

  it('keeps no large message of a call that needs no key', async () => {
    const service = await startService({ ...GRPC, SHUTDOWN_TIMEOUT_MS: '500' });
    const session = rawSession(service);
    const health = { ...HEADERS, ':path': '/grpc.health.v1.Health/Check' };
    const large = Buffer.alloc(20_000);
    const plain = await refusalOf(session, health, frame(large));
    const compressed = await refusalOf(
      session,
      { ...health, 'grpc-encoding': 'gzip' },
      frame(gzipSync(large), true),
    );
    for (const refusal of [plain, compressed]) {
      expect(refusal.code).toBe(status.RESOURCE_EXHAUSTED);
      expect(refusal.message).toContain('16384 bytes');
    }
    expect(await GrpcClient.of(service).check()).toEqual({ status: 'SERVING' });
    expect(await service.stop()).toBe(0);
  });

  it('writes nowhere what it cannot read of a header', async () => {
    const service = await startService({ ...GRPC, SHUTDOWN_TIMEOUT_MS: '500' });
    const headers = { ...HEADERS, authorization: 'Bearer cmk_\tsecret', 'x~1': 'secret' };
    const stream = rawSession(service).request(headers);
    stream.on('error', () => undefined);
    stream.end(inferFrame());
    await once(stream, 'response');
    expect(await service.stop()).toBe(0);
    expect(service.process.noise).toEqual([]);
  });

  it('holds no more than so many bytes of messages that are under way', async () => {
    const service = await startService({ ...GRPC, BODY_LIMIT_BYTES: '20000000' });
    const sessions = Array.from({ length: 8 }, () => rawSession(service));
    const begun = Buffer.alloc(60_000);
    begun.writeUInt32BE(19_000_000, 1);
    const responses = sessions.map(async (session) => {
      const stream = session.request(HEADERS);
      stream.on('error', () => undefined);
      stream.write(begun);
      const [headers] = (await once(stream, 'response')) as [Record<string, string>];
      return Number(headers['grpc-status']);
    });
    const first = await Promise.race(responses);
    expect(first).toBe(status.UNAVAILABLE);
    // Others are served as long as they need less.
    expect((await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER)).status).toBe(200);
    await service.process.lineCount(({ code }) => code === 'overloaded', 5);
    sessions.forEach((session) => {
      session.destroy();
    });
    await service.process.lineCount(({ grpc_status }) => grpc_status === 'CANCELLED', 3);
    expect((await GrpcClient.of(service).infer(MANY_ROWS)).outputs).toHaveLength(3);
    expect(await service.stop()).toBe(0);
  });

  it('survives garbage, HTTP/1 and a flood of pings', async () => {
    const service = await startService(GRPC);
    for (const bytes of ['\0'.repeat(1000), 'GET / HTTP/1.1\r\nHost: x\r\n\r\n']) {
      const socket = rawSocket(service);
      socket.write(bytes);
      socket.resume();
      await once(socket, 'close');
    }
    const flooding = rawSession(service);
    await once(flooding, 'connect');
    for (let index = 0; index < 20_000 && !flooding.destroyed; index++) {
      flooding.ping(() => undefined);
      if (index % 100 === 0) {
        await delay(0);
      }
    }
    const unread = rawSession(service).request({ ...HEADERS, ':path': '/none' });
    const [headers] = (await once(unread, 'response')) as [Record<string, string>];
    expect(Number(headers['grpc-status'])).toBe(status.UNIMPLEMENTED);
    expect((await GrpcClient.of(service).infer(ONE_ROW)).outputs).toHaveLength(3);
    expect(await service.stop()).toBe(0);
    expect(service.process.noise).toEqual([]);
  });
});

/** A whole request for 10,000 rows, as HTTP/2 carries it. */
function inferFrame(): Buffer {
  const values = new Uint8Array(new Float32Array(50_000).map((_, index) => ROW[index % 5] ?? NaN).buffer);
  const tensor = Buffer.concat([text(1, 'x'), text(2, 'FP32'), Buffer.from([0x18, 0x90, 0x4e, 0x18, 5])]);
  return frame(Buffer.concat([text(1, 'churn_model'), field(5, tensor), field(7, values)]));
}

function frame(message: Buffer, isCompressed = false): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(Number(isCompressed));
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** How a call is refused that sends this, and no end. */
async function refusalOf(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  bytes: Buffer,
): Promise<{ code: number; message: string }> {
  const stream = session.request(headers);
  stream.on('error', () => undefined);
  stream.write(bytes);
  const [told] = (await once(stream, 'response')) as [Record<string, string>];
  return { code: Number(told['grpc-status']), message: decodeURI(told['grpc-message'] ?? '') };
}

function text(number: number, value: string): Buffer {
  return field(number, Buffer.from(value));
}

function field(number: number, bytes: Uint8Array): Buffer {
  const length: number[] = [];
  for (let rest = bytes.length; ; rest = Math.floor(rest / 128)) {
    length.push(rest >= 128 ? (rest % 128) | 0x80 : rest);
    if (rest < 128) {
      return Buffer.concat([Buffer.from([8 * number + 2, ...length]), bytes]);
    }
  }
}
