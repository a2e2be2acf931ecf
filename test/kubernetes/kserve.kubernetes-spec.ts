import { describe, expect, it } from 'vitest';
import { kserve, production } from './kustomize.js';
import { one } from './manifests.js';

describe('the component kserve', () => {
  const { metadata, spec } = one(kserve.manifests, 'InferenceService');
  const { minReplicas, maxReplicas, scaleMetric, scaleTarget, deploymentStrategy, ...pod } = spec.predictor;
  const deployment = one(production.manifests, 'Deployment');
  const replaced = one(production.manifests, 'HorizontalPodAutoscaler').spec;

  it('has the pod of the production overlay, under the name that KServe wants', () => {
    const [container] = deployment.spec.template.spec.containers;
    expect(pod).toEqual({
      ...deployment.spec.template.spec,
      containers: [{ ...container, name: 'kserve-container', env: [{ name: 'PROTOCOL', value: 'v2' }] }],
    });
  });

  it('takes the settings of its own build', () => {
    const [container] = pod.containers;
    const { name } = one(kserve.manifests, 'ConfigMap').metadata;
    expect(container.envFrom).toEqual([{ configMapRef: { name } }]);
    expect(name).toMatch(/^churn-model-api-\w+$/);
  });

  it('scales as the autoscaler that it replaces, and takes no pod away before a new one is ready', () => {
    expect([minReplicas, maxReplicas]).toEqual([replaced.minReplicas, replaced.maxReplicas]);
    const [{ containerResource }] = replaced.metrics;
    expect([scaleMetric, scaleTarget]).toEqual(['cpu', containerResource.target.averageUtilization]);
    expect(deploymentStrategy.rollingUpdate).toEqual(deployment.spec.strategy.rollingUpdate);
  });

  it('leaves what KServe makes to KServe, and keeps the rest', () => {
    const kinds = kserve.manifests.map(({ kind }) => kind).sort();
    expect(kinds).toEqual([
      'ConfigMap',
      'InferenceService',
      'Namespace',
      'NetworkPolicy',
      'PodDisruptionBudget',
    ]);
  });

  it('gives its pods the label by which the network policy and the disruption budget find them', () => {
    const policy = one(kserve.manifests, 'NetworkPolicy').spec;
    const budget = one(kserve.manifests, 'PodDisruptionBudget').spec;
    expect(metadata.labels).toMatchObject(policy.podSelector.matchLabels);
    expect(metadata.labels).toMatchObject(budget.selector.matchLabels);
    const [container] = pod.containers;
    expect(policy.ingress[0]).toMatchObject({ ports: [{ port: container.ports[0]?.containerPort }] });
  });
});
