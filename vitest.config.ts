import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['src/**/*.spec.ts'], setupFiles: ['reflect-metadata'] } },
      { test: { name: 'e2e', include: ['test/**/*.e2e-spec.ts'], testTimeout: 30_000, hookTimeout: 30_000 } },
      {
        test: {
          name: 'reliability',
          include: ['test/**/*.reliability-spec.ts'],
          testTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'monitoring',
          include: ['test/**/*.monitoring-spec.ts'],
          testTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'kubernetes',
          include: ['test/kubernetes/*.kubernetes-spec.ts'],
          testTimeout: 60_000,
        },
      },
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
