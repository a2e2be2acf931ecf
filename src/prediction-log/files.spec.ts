import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClosedFiles, type ClosedFilesOptions } from './closed-files.js';
import { HOST } from './record-file-name.js';
import { RotatingFile, type RotatingFileOptions } from './rotating-file.js';

const LINE = Buffer.from(`${'x'.repeat(99)}\n`);

let parent: string;
let folder: string;
let failures: string[];
let events: string[];
let deleted: string[];

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'churn-predictions-'));
  folder = join(parent, 'log');
  failures = [];
  events = [];
  deleted = [];
});
afterEach(() => {
  rmSync(parent, { recursive: true });
});

function rotatingFile(options: Partial<RotatingFileOptions> = {}): RotatingFile {
  return new RotatingFile({
    folder,
    fileBytes: 1000,
    fileMs: 60_000,
    onFailure: (error) => failures.push(error.message),
    onRecovery: () => events.push('recovered'),
    onVanished: () => events.push('vanished'),
    onClosed: () => events.push('closed'),
    ...options,
  });
}

function closedFiles(options: Partial<ClosedFilesOptions> = {}): ClosedFiles {
  return new ClosedFiles({
    folder,
    totalBytes: 1_000_000,
    fileBytes: 1000,
    fileMs: 60_000,
    openPath: () => undefined,
    onDeleted: (path) => deleted.push(path),
    onFailure: (error) => failures.push(error.message),
    ...options,
  });
}

async function write(file: RotatingFile, chunk = LINE): Promise<Error | null> {
  return new Promise((resolve) => {
    file.write(chunk, resolve);
  });
}

const contents = (): string[] =>
  readdirSync(folder)
    .toSorted()
    .map((name) => {
      const bytes = readFileSync(join(folder, name));
      return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
    });

/** A file that a process left which has ended. */
function leave(text: string, beganAt = '20260101T000000000Z', host = HOST): string {
  const { pid } = spawnSync('true');
  const name = `predictions-${beganAt}-${host}-${pid}.ndjson`;
  writeFileSync(join(folder, name), text);
  return name;
}

describe('RotatingFile', () => {
  it('closes a file before it would become too large, at the end of a line', async () => {
    const file = rotatingFile();
    for (let line = 0; line < 25; line++) {
      await write(file);
    }
    await file.close();
    expect(contents().map((text) => text.length)).toEqual([1000, 1000, 500]);
    expect(events).toEqual(['closed', 'closed', 'closed']);
    expect(failures).toEqual([]);
  });

  it('writes what is longer than a file should be', async () => {
    const file = rotatingFile({ fileBytes: 10 });
    await write(file);
    await write(file);
    await file.close();
    expect(contents()).toEqual([LINE.toString(), LINE.toString()]);
  });

  it('closes a file that is old, even if nothing more is written', async () => {
    const { promise: isClosed, resolve: onClosed } = Promise.withResolvers<undefined>();
    const file = rotatingFile({
      fileMs: 20,
      onClosed: () => {
        onClosed(undefined);
      },
    });
    await write(file);
    await isClosed;
    expect(file.path).toBeUndefined();
  });

  it('makes the folder again if somebody removes it', async () => {
    const file = rotatingFile();
    await write(file);
    rmSync(folder, { recursive: true });
    expect(await write(file)).toBeNull();
    expect(events).toEqual(['vanished', 'closed']);
    expect(contents()).toEqual([LINE.toString()]);
    await file.close();
  });

  it('says once that it cannot write, and once that it can again', async () => {
    writeFileSync(folder, 'in the way');
    const file = rotatingFile();
    expect(await write(file)).toMatchObject({ code: 'EEXIST' });
    await write(file);
    rmSync(folder);
    expect(await write(file)).toBeNull();
    await write(file);
    await file.close();
    expect(failures).toHaveLength(1);
    expect(events).toEqual(['recovered', 'closed']);
  });
});

describe('ClosedFiles', () => {
  beforeEach(async () => {
    const file = rotatingFile();
    await write(file);
    await file.close();
  });

  it('compresses what this process has closed, and leaves what is open', async () => {
    const open = rotatingFile();
    await write(open);
    await closedFiles({ openPath: () => open.path }).tidy();
    expect(contents()).toEqual([LINE.toString(), LINE.toString()]);
    const compressed = readdirSync(folder).filter((name) => name.endsWith('.ndjson.gz'));
    expect(compressed).toHaveLength(1);
    expect(existsSync(open.path ?? '')).toBe(true);
    await open.close();
  });

  it.each([
    ['half a line', 'one\ntwo\nthr', 'one\ntwo\n'],
    ['whole lines', 'one\ntwo\n', 'one\ntwo\n'],
    ['a line longer than what is read at once', `one\n${'x'.repeat(200_000)}`, 'one\n'],
  ])('takes over %s of a process that was killed, and keeps the whole lines', async (_what, left, kept) => {
    leave(left);
    await closedFiles().tidy();
    expect(contents()).toContain(kept);
    expect(readdirSync(folder).filter((name) => !name.endsWith('.gz'))).toEqual([]);
  });

  it.each(['', 'half a line'])('drops a file without a whole line: %j', async (text) => {
    leave(text);
    await closedFiles().tidy();
    expect(contents()).toEqual([LINE.toString()]);
  });

  it('leaves the file of another host alone, until nobody has written it for long', async () => {
    const name = leave('one\n', '20260101T000000000Z', 'other-pod-1');
    await closedFiles().tidy();
    expect(readdirSync(folder)).toContain(name);
    utimesSync(join(folder, name), 0, 0);
    await closedFiles().tidy();
    expect(readdirSync(folder)).not.toContain(name);
    expect(contents()).toContain('one\n');
  });

  it('compresses each file once, when two processes tidy up at the same time', async () => {
    leave('one\n');
    await Promise.all([closedFiles().tidy(), closedFiles().tidy(), closedFiles().tidy()]);
    expect(contents().filter((text) => text === 'one\n')).toHaveLength(1);
    expect(failures).toEqual([]);
  });

  it('finishes what a process began to compress and did not', async () => {
    const name = leave('one\n');
    writeFileSync(join(folder, name.replace('.ndjson', '.by-1.ndjson.gz.part')), 'half of it');
    utimesSync(join(folder, name.replace('.ndjson', '.by-1.ndjson.gz.part')), 0, 0);
    await closedFiles().tidy();
    expect(contents()).toContain('one\n');
    expect(readdirSync(folder).filter((file) => !file.endsWith('.gz'))).toEqual([]);
  });

  it('does not keep rows twice that were compressed already', async () => {
    const name = leave('one\n');
    writeFileSync(join(folder, `${name}.gz`), readFileSync(join(folder, readdirSync(folder)[0] ?? '')));
    await closedFiles().tidy();
    expect(readdirSync(folder)).not.toContain(name);
  });

  it('deletes the oldest files beyond the bound, and leaves room for the next one', async () => {
    for (const hour of ['00', '01', '02', '03']) {
      leave(Array.from({ length: 1000 }, () => `${Math.random()}\n`).join(''), `20260101T${hour}0000000Z`);
    }
    await closedFiles({ totalBytes: 25_000 }).tidy();
    const names = readdirSync(folder).toSorted();
    expect(deleted.map((path) => /T(\d\d)/.exec(path)?.[1])).toEqual(['00', '01']);
    expect(names.filter((name) => name.includes('20260101T'))).toHaveLength(2);
  });

  it('goes on with the other files if one cannot be compressed', async () => {
    const { pid } = spawnSync('true');
    mkdirSync(join(folder, `predictions-20250101T000000000Z-${HOST}-${pid}.ndjson`));
    for (const hour of ['00', '01', '02', '03']) {
      leave(Array.from({ length: 1000 }, () => `${Math.random()}\n`).join(''), `20260101T${hour}0000000Z`);
    }
    await closedFiles({ totalBytes: 25_000 }).tidy();
    expect(failures).toEqual([expect.stringContaining('EISDIR')]);
    expect(deleted.length).toBeGreaterThan(0);
    expect(readdirSync(folder).filter((name) => name.endsWith('.ndjson'))).toHaveLength(1);
  });

  it('has nothing to do if the folder is not there', async () => {
    rmSync(folder, { recursive: true });
    await closedFiles().tidy();
    expect(failures).toEqual([]);
  });

  it('leaves files alone that are not of the log', async () => {
    writeFileSync(join(folder, 'notes.ndjson'), 'one\n');
    await closedFiles({ totalBytes: 1000 }).tidy();
    expect(readdirSync(folder)).toContain('notes.ndjson');
  });
});
