import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** Tests of whole processes, one file at a time: they count, time and kill what others would disturb. */
function alone(name: string, testTimeout: number): TestProjectInlineConfiguration {
  return { test: { name, include: [`test/**/*.${name}-spec.ts`], testTimeout, fileParallelism: false } };
}

/** Tests through HTTP, or of whole processes that others do not disturb. */
function twoAtOnce(name: string): TestProjectInlineConfiguration {
  const include = [`test/**/*.${name}-spec.ts`];
  return { test: { name, include, testTimeout: 60_000, hookTimeout: 60_000, maxWorkers: 2 } };
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.spec.ts'],
          setupFiles: ['reflect-metadata'],
          // Property tests take seconds, and more beside other work.
          testTimeout: 30_000,
          // Importing the same modules for each file would take more than half of the time.
          pool: 'threads',
          isolate: false,
          maxWorkers: 2,
        },
      },
      twoAtOnce('e2e'),
      twoAtOnce('processes'),
      alone('faults', 60_000),
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
