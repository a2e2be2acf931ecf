import { expect, it } from 'vitest';
import { HIGH_RISK_CUSTOMER, post } from '../support/http.js';
import { startService, TAKES_BURSTS } from '../support/service.js';

const CALLERS = 64;
const customers = Array<unknown>(100).fill(HIGH_RISK_CUSTOMER);

/** A batch of 100 that an ignored field blows up to nearly this size. */
function batchOf(bytes: number, filler: (bytes: number) => unknown): string {
  const spare = bytes - JSON.stringify({ customers }).length - 100;
  return JSON.stringify({ customers, ignored: filler(spare) });
}

const ofText = (bytes: number): unknown => 'x'.repeat(bytes);
/** The worst: V8 takes some 20 bytes for each of `{},`. */
const ofEmptyObjects = (bytes: number): unknown => Array<unknown>(Math.floor(bytes / 3)).fill({});

it.each([
  ['128', '1048576', 'text', ofText],
  ['192', '65536', 'empty objects', ofEmptyObjects],
  ['304', '131072', 'empty objects', ofEmptyObjects],
  ['1536', '1048576', 'empty objects', ofEmptyObjects],
])(
  'a heap of %s MiB is enough for 64 batches of %s bytes, most of it %s, at a time',
  async (heapMebibytes, BODY_LIMIT_BYTES, _content, filler) => {
    const service = await startService({
      // All are to be in memory at a time.
      ...TAKES_BURSTS,
      BODY_LIMIT_BYTES,
      REQUEST_TIMEOUT_MS: '600000',
      NODE_OPTIONS: `--max-old-space-size=${heapMebibytes}`,
    });
    const body = batchOf(Number(BODY_LIMIT_BYTES), filler);
    for (let round = 0; round < 2; round++) {
      const answers = await Promise.all(
        Array.from({ length: CALLERS }, () => post(`${service.url}/predict/batch`, body)),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(CALLERS);
    }
    expect(await service.stop()).toBe(0);
  },
);
