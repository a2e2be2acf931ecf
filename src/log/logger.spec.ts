import { expect, it, vi } from 'vitest';
import { LineWriter } from './line-writer.js';
import { openLog } from './logger.js';

vi.mock('node:os', async (importOriginal) => ({
  ...(await importOriginal<typeof import('node:os')>()),
  availableParallelism: () => 1,
}));
vi.mock('./line-writer.js');

it.each([
  [1, 32_768],
  ['auto', 32_768],
  [2, 4096],
] as const)('on one core with WORKERS=%s the log is written in chunks of %i bytes', (workers, chunkBytes) => {
  openLog({ logLevel: 'info', logFormat: 'json', workers });
  expect(vi.mocked(LineWriter).mock.lastCall?.[0]).toMatchObject({ chunkBytes });
});
