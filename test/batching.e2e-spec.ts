import { describe, expect, it } from 'vitest';
import { handWrittenManifest, readFixture, writeBundle } from './support/bundle.js';
import { HIGH_RISK_CUSTOMER } from './support/http.js';
import { RawConnection, rawPost } from './support/raw-connection.js';
import { startService, TAKES_BURSTS } from './support/service.js';

const CALLERS = 64;
/** The graph's answer to every row is the number of rows in the pass over this. */
const MOST_ROWS = 128;

describe('single predictions that arrive together', () => {
  it.each([
    ['on the event loop', '0'],
    ['on a thread', '1'],
  ])('share forward passes %s', async (_, INFERENCE_THREADS) => {
    const model = readFixture('batch_size_probe');
    const service = await startService({
      // Golden rows would show that other rows change an answer.
      MODEL_PATH: writeBundle({ model, manifest: handWrittenManifest(model) }),
      ALLOW_UNVERIFIED_MODEL: 'true',
      INFERENCE_THREADS,
      // The stop is a long event-loop delay.
      ...TAKES_BURSTS,
    });
    const connections = await Promise.all(
      Array.from({ length: CALLERS }, () => RawConnection.open(service.port)),
    );
    // A server accepts connections one by one; an answer shows that it has accepted this one.
    await Promise.all(
      connections.map(async (connection) => {
        await connection.send('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
        await connection.until(/"status":"ok"/);
      }),
    );
    // While the service stands still, all requests arrive.
    service.process.signal('SIGSTOP');
    await Promise.all(
      connections.map((connection) =>
        connection.send(rawPost('/predict', HIGH_RISK_CUSTOMER, { Connection: 'close' })),
      ),
    );
    service.process.signal('SIGCONT');
    const answers = await Promise.all(connections.map((connection) => connection.untilClosed()));
    const rowsOfPass = answers.map(
      (answer) => Number(/"churn_probability":([\d.]+)/.exec(answer)?.[1]) * MOST_ROWS,
    );
    const passes = rowsOfPass.reduce((sum, rows) => sum + 1 / rows, 0);
    expect(passes).toBeLessThanOrEqual(CALLERS / 8);
    await service.stop();
  });
});
