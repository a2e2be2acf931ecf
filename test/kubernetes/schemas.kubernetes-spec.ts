import { describe, expect, it } from 'vitest';
import { builds, kserve } from './kustomize.js';
import { runTool } from './tool.js';

const PYTHON = {
  command: 'python3',
  installation: 'python3 -m venv .venv && .venv/bin/pip install -r test/kubernetes/requirements.txt',
};

describe('the schemas', () => {
  it.each([...builds, kserve])('of Kubernetes and its operators know every field of $name', ({ yaml }) => {
    expect(runTool(PYTHON, ['test/kubernetes/validate_schemas.py'], { input: yaml })).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
  });
});
