import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { builds } from './kustomize.js';

const INSTALLATION = 'pip install -r test/kubernetes/requirements.txt';

function schemaErrors(yaml: string): string {
  const { error, stderr } = spawnSync('python3', ['test/kubernetes/validate_schemas.py'], {
    input: yaml,
    encoding: 'utf8',
  });
  if (error !== undefined || stderr.includes('ModuleNotFoundError')) {
    throw new Error(`These tests need Python packages. In a virtual environment: ${INSTALLATION}`, {
      cause: error ?? stderr,
    });
  }
  return stderr;
}

describe('the schemas', () => {
  it.each(builds)('of Kubernetes, KEDA and the Prometheus operator know every field of $name', ({ yaml }) => {
    expect(schemaErrors(yaml)).toBe('');
  });
});
