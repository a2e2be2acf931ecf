import { afterEach, beforeEach, expect, it, vi } from 'vitest';

// Not by `vi.mock`: spec files share their modules, and others may have loaded these.
beforeEach(() => {
  vi.resetModules();
  vi.doMock('node:os', () => ({ availableParallelism: () => 1 }));
  vi.doMock('./line-writer.js');
});
afterEach(() => {
  vi.doUnmock('node:os');
  vi.doUnmock('./line-writer.js');
  vi.resetModules();
});

it.each([
  [1, 32_768],
  ['auto', 32_768],
  [2, 4096],
] as const)(
  'on one core with WORKERS=%s the log is written in chunks of %i bytes',
  async (workers, chunkBytes) => {
    const { openLog } = await import('./logger.js');
    const { LineWriter } = await import('./line-writer.js');
    openLog({ logLevel: 'info', logFormat: 'json', workers });
    expect(vi.mocked(LineWriter).mock.lastCall?.[0]).toMatchObject({ chunkBytes });
  },
);
