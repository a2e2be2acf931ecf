import { once } from 'node:events';
import { connect as connectSecurely, type TLSSocket } from 'node:tls';
import { expect, it } from 'vitest';
import { HIGH_RISK_CUSTOMER } from '../support/http.js';
import { OtlpReceiver } from '../support/otlp-receiver.js';
import { RawConnection } from '../support/raw-connection.js';
import { type Environment, type Service, ServiceProcess, startService } from '../support/service.js';
import { type Certificate, makeCertificate, secureRequest, TlsFolder } from '../support/tls.js';

const EXPECTED = { churn_probability: 0.8889, churn_prediction: true, risk_tier: 'HIGH' };

interface SecureService extends Service {
  readonly certificate: Certificate;
  readonly folder: TlsFolder;
}

async function startSecurely(environment: Environment = {}): Promise<SecureService> {
  const certificate = await makeCertificate();
  const folder = new TlsFolder(certificate);
  const service = await startService({ ...folder.environment, ...environment });
  return { ...service, certificate, folder };
}

async function secureConnection({ port, certificate }: SecureService): Promise<TLSSocket> {
  const socket = connectSecurely({ port, host: '127.0.0.1', ca: certificate.certificate });
  await once(socket, 'secureConnect');
  return socket;
}

it.each(['1', '2'])('serves HTTPS and says so, with WORKERS=%s', async (workers) => {
  const service = await startSecurely({ WORKERS: workers });
  expect(service.url).toMatch(/^https:/);
  const { status, body } = await secureRequest(
    `${service.url}/predict`,
    service.certificate,
    HIGH_RISK_CUSTOMER,
  );
  expect(status).toBe(200);
  expect(body).toMatchObject(EXPECTED);
  expect(await service.stop()).toBe(0);
});

it('is not trusted with another certificate', async () => {
  const service = await startSecurely();
  await expect(secureRequest(`${service.url}/health`, await makeCertificate())).rejects.toThrow(
    /certificate/,
  );
  const line = await service.process.line(({ msg }) => msg === 'TLS handshakes failed');
  expect(line).toMatchObject({
    level: 'warn',
    failed_handshakes: 1,
  });
  await service.stop();
});

it('closes a connection that speaks plain HTTP, and one that speaks an old TLS', async () => {
  const service = await startSecurely();
  const plain = await RawConnection.open(service.port);
  await plain.send('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(await plain.untilClosed()).not.toContain('HTTP/1.1');
  const line = await service.process.line(({ msg }) => msg === 'TLS handshakes failed');
  expect(line).toMatchObject({ level: 'warn', failed_handshakes: 1, reason: 'ERR_SSL_HTTP_REQUEST' });
  const old = connectSecurely({
    port: service.port,
    host: '127.0.0.1',
    minVersion: 'TLSv1.1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
    rejectUnauthorized: false,
  });
  await expect(once(old, 'secureConnect')).rejects.toThrow();
  expect((await secureRequest(`${service.url}/health`, service.certificate)).status).toBe(200);
  await service.stop();
});

it('closes the oldest of too many connections that begin no handshake, and serves the next caller', async () => {
  const service = await startSecurely({ MAX_CONNECTIONS: '10' });
  const silent = [];
  for (let count = 0; count < 15; count++) {
    silent.push(await RawConnection.open(service.port));
  }
  await silent[0]?.untilClosed();
  expect((await secureRequest(`${service.url}/health`, service.certificate)).status).toBe(200);
  expect(await service.stop()).toBe(0);
});

it('gives predictions to MAX_CONNECTIONS, and answers to probes beyond', async () => {
  const service = await startSecurely({ MAX_CONNECTIONS: '10' });
  const held = await Promise.all(Array.from({ length: 10 }, () => secureConnection(service)));
  const predict = (): ReturnType<typeof secureRequest> =>
    secureRequest(`${service.url}/predict`, service.certificate, HIGH_RISK_CUSTOMER);
  expect((await predict()).body).toMatchObject({ code: 'overloaded' });
  expect((await secureRequest(`${service.url}/health/live`, service.certificate)).status).toBe(200);
  held[0]?.destroy();
  await expect.poll(async () => (await predict()).status).toBe(200);
  expect(await service.stop()).toBe(0);
});

it('ends on SIGTERM though connections are idle, or in the middle of a handshake', async () => {
  const service = await startSecurely({ SHUTDOWN_TIMEOUT_MS: '600000' });
  const idle = await secureConnection(service);
  idle.on('error', () => undefined);
  await RawConnection.open(service.port);
  expect((await secureRequest(`${service.url}/health`, service.certificate)).status).toBe(200);
  expect(await service.stop()).toBe(0);
});

it('takes a renewed certificate on SIGHUP, and keeps it if the next one is bad', async () => {
  const service = await startSecurely();
  const { url, folder } = service;
  const renewed = await makeCertificate();
  folder.write(renewed);
  service.process.signal('SIGHUP');
  await service.process.line(({ msg }) => msg === 'the TLS certificate is renewed');
  expect((await secureRequest(`${url}/health`, renewed)).status).toBe(200);

  folder.write({ certificate: renewed.certificate, key: (await makeCertificate()).key });
  service.process.signal('SIGHUP');
  const line = await service.process.line(
    ({ msg }) => msg === 'the TLS certificate cannot be renewed, so the old one stays',
  );
  expect(line).toMatchObject({
    level: 'error',
    reason: expect.stringContaining('does not belong') as string,
  });
  expect((await secureRequest(`${url}/health`, renewed)).status).toBe(200);
  await service.stop();
});

it('has the workers that take over on SIGHUP read the renewed certificate', async () => {
  const service = await startSecurely({ WORKERS: '2' });
  await service.process.line(({ msg }) => msg === 'all workers are ready');
  const renewed = await makeCertificate();
  service.folder.write(renewed);
  service.process.signal('SIGHUP');
  await service.process.line(({ msg }) => msg === 'all workers are replaced');
  await expect
    .poll(async () => (await secureRequest(`${service.url}/health`, renewed)).status, { timeout: 10_000 })
    .toBe(200);
  expect(await service.stop()).toBe(0);
});

it('tells a collector of traces that requests came by HTTPS', async () => {
  const receiver = await OtlpReceiver.start();
  const service = await startSecurely(receiver.settings);
  await secureRequest(`${service.url}/predict`, service.certificate, HIGH_RISK_CUSTOMER);
  expect(await service.stop()).toBe(0);
  const [request] = receiver.spans.filter(({ attributes }) => 'url.scheme' in attributes);
  expect(request?.attributes['url.scheme']).toBe('https');
});

it('does not start with a key of another certificate', async () => {
  const { certificate } = await makeCertificate();
  const { key } = await makeCertificate();
  const service = ServiceProcess.spawn(new TlsFolder({ certificate, key }).environment);
  expect(await service.exit()).toBe(1);
  expect(service.lines.at(-1)).toMatchObject({
    level: 'fatal',
    msg: expect.stringContaining('does not belong to the first certificate') as string,
  });
});
