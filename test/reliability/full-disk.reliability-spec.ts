import { execFileSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { freePort } from '../support/free-port.js';
import { HIGH_RISK_CUSTOMER, post } from '../support/http.js';
import { Scrape } from '../support/metrics.js';
import { recordsIn } from '../support/prediction-log.js';
import { startService, startUnread } from '../support/service.js';

/** A folder on a file system of its own. Takes root. */
function smallDisk(size: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'churn-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', directory]);
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', directory]);
    rmSync(directory, { recursive: true });
  });
  return directory;
}

/** A file on a file system of 64 KiB, opened for appending. */
function fileOnSmallDisk(): { path: string; descriptor: number } {
  const path = join(smallDisk('64k'), 'service.log');
  return { path, descriptor: openSync(path, 'a') };
}

it('a log with a full disk keeps its lines, and writes them when there is room again', async () => {
  const { path, descriptor } = fileOnSmallDisk();
  const service = await startUnread(await freePort(), {}, { stdout: descriptor });
  const requestIds: string[] = [];
  for (let sent = 0; sent < 300; sent++) {
    const { status, requestId } = await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER);
    expect(status).toBe(200);
    requestIds.push(requestId);
  }
  // Full, and cut off wherever that happened.
  await expect.poll(() => readFileSync(path).length).toBe(65_536);
  const before = readFileSync(path, 'utf8');
  truncateSync(path);
  await expect.poll(() => readFileSync(path, 'utf8'), { timeout: 10_000 }).toContain(requestIds.at(-1));
  const lines = (before + readFileSync(path, 'utf8')).trimEnd().split('\n');
  const logged = lines.map((line) => (JSON.parse(line) as Record<string, unknown>)['request_id']);
  expect(logged.filter((id) => id !== undefined)).toEqual(requestIds);
  expect(await service.stop()).toBe(0);
  expect(service.process.noise).toEqual([]);
});

it('a prediction log with a full disk delays no answer, and writes its rows when there is room again', async () => {
  const disk = smallDisk('1m');
  const ballast = join(disk, 'ballast');
  writeFileSync(ballast, Buffer.alloc(900_000));
  const folder = join(disk, 'log');
  const service = await startService({ PREDICTION_LOG: 'true', PREDICTION_LOG_PATH: folder });
  const customers = Array.from({ length: 100 }, () => HIGH_RISK_CUSTOMER);
  const requestIds: string[] = [];
  for (let sent = 0; sent < 50; sent++) {
    const { status, requestId } = await post(`${service.url}/predict/batch`, { customers });
    expect(status).toBe(200);
    requestIds.push(requestId);
  }
  await service.process.line(({ msg }) => msg === 'the prediction log cannot be written');
  rmSync(ballast);
  execFileSync('mount', ['-o', 'remount,size=16m', disk]);
  await service.process.line(({ msg }) => msg === 'the prediction log is written again');
  expect(await service.stop()).toBe(0);
  const rows = recordsIn(folder).map(({ request_id, row }) => [request_id, row]);
  expect(rows).toEqual(requestIds.flatMap((id) => customers.map((_, row) => [id, row])));
});

it('a prediction log that cannot be written for long loses the newest rows, and counts them', async () => {
  const disk = smallDisk('64k');
  const folder = join(disk, 'log');
  const service = await startService({ PREDICTION_LOG: 'true', PREDICTION_LOG_PATH: folder });
  const customers = Array.from({ length: 100 }, () => HIGH_RISK_CUSTOMER);
  let sent = 0;
  const lost = async (): Promise<number> =>
    (await Scrape.of(service.url)).sum('prediction_log_rows_lost_total');
  while ((await lost()) === 0) {
    for (let batch = 0; batch < 50; batch++) {
      expect((await post(`${service.url}/predict/batch`, { customers })).status).toBe(200);
      sent += 100;
    }
  }
  const lostRows = await lost();
  execFileSync('mount', ['-o', 'remount,size=256m', disk]);
  expect(
    await service.process.line(({ msg }) => msg === 'rows of the prediction log were lost'),
  ).toMatchObject({ level: 'error', lost_rows: lostRows });
  expect(await service.stop()).toBe(0);
  expect(recordsIn(folder)).toHaveLength(sent - lostRows);
});
