import { describe, expect, it } from 'vitest';
import { builds } from './kustomize.js';
import { one } from './manifests.js';

describe.each(builds)('a pod of $name', ({ manifests }) => {
  const { spec } = one(manifests, 'Deployment').spec.template;
  const [container] = spec.containers;

  it('keeps the restricted Pod Security Standard, and may not write to its image', () => {
    expect(spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it("runs as the image's user node, and may read the keys", () => {
    expect(spec.securityContext).toMatchObject({ runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 });
  });

  it('has no token for the API of the cluster', () => {
    expect(spec.automountServiceAccountToken).toBe(false);
  });
});
