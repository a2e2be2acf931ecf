import { describe, expect, it, onTestFinished } from 'vitest';
import { parseSettings } from '../../src/config/load-settings.js';
import { settingDescriptions } from '../../src/config/setting.decorators.js';
import { CRM_KEY } from '../support/api-keys.js';
import { GrpcClient } from '../support/grpc.js';
import { HIGH_RISK_CUSTOMER, post, request } from '../support/http.js';
import { Scrape } from '../support/metrics.js';
import { RawConnection, rawPost } from '../support/raw-connection.js';
import { base, grpc, keda, predictionLog, production, serviceMonitor } from './kustomize.js';
import { one } from './manifests.js';
import { settingsOf, startPod } from './pod.js';

describe.each([base, production])('a pod of $name', ({ manifests }) => {
  const { spec } = one(manifests, 'Deployment').spec.template;
  const [container] = spec.containers;
  const settings = parseSettings(settingsOf(manifests));

  it('has settings that the service knows, and no others', () => {
    const known = settingDescriptions.map(({ name }) => name);
    expect(known).toEqual(expect.arrayContaining(Object.keys(settingsOf(manifests))));
    expect(container.envFrom).toEqual([
      { configMapRef: { name: one(manifests, 'ConfigMap').metadata.name } },
    ]);
  });

  it('listens where Kubernetes looks for it, as one process', () => {
    expect(container.ports).toMatchObject([{ containerPort: settings.port }]);
    expect(settings).toMatchObject({ host: '0.0.0.0', workers: 1 });
  });

  it('answers its probes', async () => {
    const service = await startPod(manifests);
    for (const { httpGet } of [container.startupProbe, container.livenessProbe, container.readinessProbe]) {
      expect(httpGet.port).toBe('http');
      expect((await request(service.url + httpGet.path)).status, httpGet.path).toBe(200);
    }
  });

  it('is not killed as hung while a forward pass may still take as long', () => {
    const { periodSeconds, timeoutSeconds, failureThreshold } = container.livenessProbe;
    const shortestFailureMs = ((failureThreshold - 1) * periodSeconds + timeoutSeconds) * 1000;
    expect(shortestFailureMs).toBeGreaterThan(settings.stallTimeoutMs);
  });

  it('ends by itself within its grace period, though a request never does', async () => {
    const service = await startPod(manifests);
    const endless = await RawConnection.open(service.port);
    const key = { Authorization: `Bearer ${CRM_KEY}` };
    await endless.send(rawPost('/predict', HIGH_RISK_CUSTOMER, key).slice(0, -20));
    await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, key);
    // The kubelet does this to a deleted pod.
    const kill = setTimeout(() => {
      service.process.signal('SIGKILL');
    }, spec.terminationGracePeriodSeconds * 1000);
    onTestFinished(() => {
      clearTimeout(kill);
    });
    expect(await service.stop()).toBe(0);
  });

  it('waits for load balancers by SHUTDOWN_DELAY_MS alone, and has five seconds to spare', () => {
    expect(container.lifecycle).toBeUndefined();
    const graceMs = spec.terminationGracePeriodSeconds * 1000;
    expect(graceMs).toBe(settings.shutdownDelayMs + settings.shutdownTimeoutMs + 5000);
  });
});

it('the components for metrics and scaling change no pod', () => {
  const pod = one(production.manifests, 'Deployment');
  expect([keda, serviceMonitor].map(({ manifests }) => one(manifests, 'Deployment'))).toEqual([pod, pod]);
});

describe('a pod of production', () => {
  it('lets only callers with a key of the Secret in', async () => {
    const service = await startPod(production.manifests);
    const url = `${service.url}/predict`;
    expect((await post(url, HIGH_RISK_CUSTOMER)).status).toBe(401);
    expect((await post(url, HIGH_RISK_CUSTOMER, { 'X-API-Key': CRM_KEY })).status).toBe(200);
  });

  it('does not start without the Secret', async () => {
    await expect(startPod(production.manifests, {})).rejects.toThrow('API_KEYS_FILE cannot be read');
  });

  it('has the metrics that Prometheus scrapes, and those that KEDA asks it for', async () => {
    const service = await startPod(serviceMonitor.manifests);
    await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, { 'X-API-Key': CRM_KEY });
    const { endpoints } = one(serviceMonitor.manifests, 'ServiceMonitor').spec;
    const scraped = await fetch(service.url + endpoints[0].path);
    expect(scraped.status).toBe(200);
    const { triggers } = one(keda.manifests, 'ScaledObject').spec;
    const query = triggers.find(({ type }) => type === 'prometheus')?.metadata['query'] ?? '';
    const name = /^sum\((\w+)\{/.exec(query)?.[1] ?? '';
    expect(await scraped.text()).toMatch(new RegExp(`^${name} \\d`, 'm'));
  });
});

describe('a pod with gRPC', () => {
  it('listens on its port, and answers', async () => {
    const { ports } = one(grpc.manifests, 'Deployment').spec.template.spec.containers[0];
    const { grpcPort } = parseSettings(settingsOf(grpc.manifests));
    expect(ports).toContainEqual({ name: 'grpc', containerPort: grpcPort });
    const client = GrpcClient.of(await startPod(grpc.manifests));
    const metadata = { authorization: `Bearer ${CRM_KEY}` };
    expect(await client.check()).toEqual({ status: 'SERVING' });
    expect(await client.call('ModelReady', { name: 'churn_model' }, { metadata })).toEqual({ ready: true });
  });
});

describe('a pod with a prediction log', () => {
  const { spec } = one(predictionLog.manifests, 'Deployment').spec.template;
  const settings = parseSettings(settingsOf(predictionLog.manifests));

  it('records what it scores in its volume', async () => {
    const [{ volumeMounts }] = spec.containers;
    const mount = volumeMounts.find(({ mountPath }) => mountPath === settings.predictionLogPath);
    expect(spec.volumes.map(({ name }) => name)).toContain(mount?.name);
    const service = await startPod(predictionLog.manifests);
    const key = { Authorization: `Bearer ${CRM_KEY}` };
    expect((await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER, key)).status).toBe(200);
    await expect.poll(async () => (await Scrape.of(service.url)).sum('prediction_log_rows_total')).toBe(1);
    expect(await service.stop()).toBe(0);
  });

  it('has room in its volume for all files, and for those that are compressed', () => {
    const limit = spec.volumes.find(({ name }) => name === 'prediction-log')?.emptyDir?.sizeLimit ?? '';
    const limitBytes = Number(limit.replace(/Mi$/, '')) * 1024 * 1024;
    const { predictionLogTotalBytes, predictionLogFileBytes, workers } = settings;
    expect(limitBytes).toBeGreaterThan(predictionLogTotalBytes + Number(workers) * predictionLogFileBytes);
  });
});
