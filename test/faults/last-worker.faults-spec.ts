import { describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { ConstantLoad } from '../support/load.js';
import { type LogLine, type Service, startService } from '../support/service.js';

const isListening = ({ msg }: LogLine): boolean => msg === 'listening';
const isReplaced = ({ msg }: LogLine): boolean => msg === 'the worker is replaced';

function lastPids({ process }: Service, count: number): number[] {
  return process.lines
    .filter(isListening)
    .map(({ pid }) => pid as number)
    .slice(-count);
}

describe('all workers killed at once, under load', () => {
  it('leave no request without an answer or a broken connection', async () => {
    const service = await startService({ WORKERS: '2', PORT: String(await freePort()) });
    await service.process.lineCount(isListening, 2);
    for (let round = 1; round <= 3; round++) {
      const load = new ConstantLoad(service.url, 16);
      for (const pid of lastPids(service, 2)) {
        process.kill(pid, 'SIGKILL');
      }
      await service.process.lineCount(isReplaced, 2 * round);
      await service.process.lineCount(isListening, 2 + 2 * round);
      await expect.poll(() => load.countOf('200')).toBeGreaterThan(0);
      for (const outcome of (await load.end()).keys()) {
        expect(outcome).toMatch(/^(200|cut off|ECONNRESET|ECONNREFUSED|EPIPE|socket hang up)$/);
      }
    }
    expect(await service.stop()).toBe(0);
  });
});
