import { execFileSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { freePort } from '../support/free-port.js';
import { HIGH_RISK_CUSTOMER, post } from '../support/http.js';
import { startUnread } from '../support/service.js';

/** A file on a file system of 64 KiB, opened for appending. Takes root. */
function fileOnSmallDisk(): { path: string; descriptor: number } {
  const directory = mkdtempSync(join(tmpdir(), 'churn-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', directory]);
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', directory]);
    rmSync(directory, { recursive: true });
  });
  const path = join(directory, 'service.log');
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
