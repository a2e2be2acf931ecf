import { expect, it } from 'vitest';
import { production } from './kustomize.js';
import { runTool } from './tool.js';

const KUBE_SCORE = {
  command: 'kube-score',
  installation: 'go install github.com/zegl/kube-score/cmd/kube-score@v1.20.0',
};

const FURTHER_CHECKS = [
  'container-memory-requests-equal-limits',
  'container-ports-check',
  'container-seccomp-profile',
];
const IGNORED_CHECKS = [
  // Each image has a tag of its own, and a pod has to start while the registry is down.
  'container-image-pull-policy',
  // The user of the image is node, whose number is 1000.
  'container-security-context-user-group-id',
  // The constraints on the topology spread the pods, without keeping any from being placed.
  'deployment-has-host-podantiaffinity',
];

it('kube-score has nothing to criticize or warn of', () => {
  const { exitCode, stdout } = runTool(
    KUBE_SCORE,
    [
      'score',
      '--kubernetes-version=v1.31',
      '--exit-one-on-warning',
      ...FURTHER_CHECKS.map((check) => `--enable-optional-test=${check}`),
      ...IGNORED_CHECKS.map((check) => `--ignore-test=${check}`),
      '-',
    ],
    { input: production.yaml },
  );
  expect(exitCode, stdout).toBe(0);
});
