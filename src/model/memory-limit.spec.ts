import { expect, it } from 'vitest';
import { memoryLimitBytes } from './memory-limit.js';

it('takes the limit of the container, or the memory of the machine', () => {
  expect(memoryLimitBytes(512, 4096)).toBe(512);
  expect(memoryLimitBytes(0, 4096)).toBe(4096);
  expect(memoryLimitBytes(2 ** 64, 4096)).toBe(4096);
});
