import { describe, expect, it } from 'vitest';
import { base, builds, grpc, keda, production, serviceMonitor } from './kustomize.js';
import { one } from './manifests.js';

const HTTP = { name: 'http', port: 8000, targetPort: 'http' };
const GRPC = { name: 'grpc', port: 8001, targetPort: 'grpc', appProtocol: 'kubernetes.io/h2c' };

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name.localeCompare(other.name);
}

describe.each(builds)('$name', ({ manifests }) => {
  const { spec: deployment, metadata } = one(manifests, 'Deployment');
  const { template } = deployment;
  const [container] = template.spec.containers;

  it('selects the pods by their label everywhere', () => {
    const labels = { 'app.kubernetes.io/name': 'churn-model-api' };
    expect(template.metadata.labels).toEqual(labels);
    expect(one(manifests, 'Service').spec.selector).toEqual(labels);
    const selectors = [
      deployment.selector,
      one(manifests, 'PodDisruptionBudget').spec.selector,
      one(manifests, 'NetworkPolicy').spec.podSelector,
      ...template.spec.topologySpreadConstraints.map(({ labelSelector }) => labelSelector),
    ];
    expect(selectors).toEqual(Array.from({ length: 5 }, () => ({ matchLabels: labels })));
  });

  it('leads to the ports of the container, and to no other', () => {
    const ports = manifests === grpc.manifests ? [HTTP, GRPC] : [HTTP];
    expect(container.ports.toSorted(byName)).toEqual(
      ports.map(({ name, port }) => ({ name, containerPort: port })).toSorted(byName),
    );
    expect(one(manifests, 'Service').spec.ports.toSorted(byName)).toEqual(ports.toSorted(byName));
    expect(one(manifests, 'NetworkPolicy').spec.ingress.map((rule) => rule.ports)).toEqual([
      ports.map(({ port }) => ({ port })),
    ]);
  });

  it('lets the pods call nobody', () => {
    expect(one(manifests, 'NetworkPolicy').spec.egress).toEqual([]);
  });

  it('leaves the number of replicas to one autoscaler', () => {
    expect(deployment.replicas).toBeUndefined();
    const autoscalers = manifests.filter(({ kind }) =>
      ['HorizontalPodAutoscaler', 'ScaledObject'].includes(kind),
    );
    expect(autoscalers).toEqual([
      expect.objectContaining({
        spec: expect.objectContaining({
          scaleTargetRef: expect.objectContaining({ name: metadata.name }) as object,
        }) as object,
      }),
    ]);
  });

  it('takes no pod away before a new one is ready', () => {
    expect(deployment.strategy.rollingUpdate.maxUnavailable).toBe(0);
  });

  it('gives a pod memory that nobody else may take', () => {
    const { requests, limits } = container.resources;
    expect(limits.memory).toBe(requests.memory);
  });
});

describe('base', () => {
  it('scales by the CPU time of the one container', () => {
    const [{ containerResource }] = one(base.manifests, 'HorizontalPodAutoscaler').spec.metrics;
    const [container] = one(base.manifests, 'Deployment').spec.template.spec.containers;
    expect(containerResource.container).toBe(container.name);
  });
});

describe('production', () => {
  it('has everything in one namespace', () => {
    const { manifests } = production;
    const namespaces = manifests
      .filter(({ kind }) => kind === 'Namespace')
      .map(({ metadata }) => metadata.name);
    const others = manifests.filter(({ kind }) => kind !== 'Namespace');
    expect(namespaces).toHaveLength(1);
    expect([...new Set(others.map(({ metadata }) => metadata.namespace))]).toEqual(namespaces);
  });

  it('names a version of the image', () => {
    const [{ image }] = one(production.manifests, 'Deployment').spec.template.spec.containers;
    expect(image).toMatch(/:(?!latest$)[\w.-]+$/);
  });
});

describe('the component keda', () => {
  const { spec } = one(keda.manifests, 'ScaledObject');
  const replaced = one(production.manifests, 'HorizontalPodAutoscaler');
  const trigger = (type: string): Readonly<Record<string, string>> | undefined =>
    spec.triggers.find((candidate) => candidate.type === type)?.metadata;

  it('takes over the autoscaler of the production overlay, its range and its pace', () => {
    const { horizontalPodAutoscalerConfig } = spec.advanced;
    expect(horizontalPodAutoscalerConfig.name).toBe(replaced.metadata.name);
    expect(horizontalPodAutoscalerConfig.behavior).toEqual(replaced.spec.behavior);
    expect([spec.minReplicaCount, spec.maxReplicaCount]).toEqual([
      replaced.spec.minReplicas,
      replaced.spec.maxReplicas,
    ]);
  });

  it('scales by CPU as that did', () => {
    const [{ containerResource }] = replaced.spec.metrics;
    expect(trigger('cpu')).toEqual({
      containerName: containerResource.container,
      value: String(containerResource.target.averageUtilization),
    });
  });

  it('counts the rows of its own namespace', () => {
    const { namespace } = one(keda.manifests, 'ScaledObject').metadata;
    expect(trigger('prometheus')?.['query']).toContain(`{namespace="${namespace ?? ''}"}`);
  });
});

describe('the component service-monitor', () => {
  it('finds the Service and its port', () => {
    const { selector, endpoints } = one(serviceMonitor.manifests, 'ServiceMonitor').spec;
    const { metadata, spec } = one(serviceMonitor.manifests, 'Service');
    expect(metadata.labels).toMatchObject(selector.matchLabels);
    expect(spec.ports.map(({ name }) => name)).toEqual(endpoints.map(({ port }) => port));
  });
});
