import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** Tests of whole processes, one file at a time: they count, time and kill what others would disturb. */
function alone(name: string, testTimeout: number): TestProjectInlineConfiguration {
  return { test: { name, include: [`test/**/*.${name}-spec.ts`], testTimeout, fileParallelism: false } };
}

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['src/**/*.spec.ts'], setupFiles: ['reflect-metadata'] } },
      {
        test: {
          name: 'e2e',
          include: ['test/**/*.e2e-spec.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          maxWorkers: 2,
        },
      },
      alone('faults', 30_000),
      alone('reliability', 300_000),
      alone('monitoring', 300_000),
      alone('story', 300_000),
      { test: { name: 'kubernetes', include: ['test/**/*.kubernetes-spec.ts'], testTimeout: 60_000 } },
      {
        test: {
          name: 'browser',
          include: ['test/**/*.browser-spec.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
