import { execFileSync } from 'node:child_process';
import { constants, mkdtempSync, openSync, readFileSync, rmSync, write, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LineWriter } from './line-writer.js';

const MEBIBYTE = 1024 * 1024;
/** With its number 16 bytes long, so that a chunk holds 256 lines. */
const lineOf = (index: number): string => `${String(index).padStart(15, '0')}\n`;
const BIG_LINE = `${'x'.repeat(MEBIBYTE - 1)}\n`;

let directory: string;
let fifo: string;
let losses: number[];
let readers: Socket[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'churn-log-'));
  fifo = join(directory, 'fifo');
  execFileSync('mkfifo', [fifo]);
  losses = [];
  readers = [];
});
afterEach(() => {
  readers.forEach((reader) => {
    reader.destroy();
  });
  rmSync(directory, { recursive: true });
});

/** The reading end of the pipe. It reads only when it is told to. */
class Reader {
  text = '';
  private readonly socket = new Socket({
    fd: openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK),
    readable: true,
    writable: false,
  });

  constructor() {
    readers.push(this.socket);
  }

  async readUntil(isEnough: (text: string) => boolean): Promise<string> {
    await new Promise<void>((resolve) => {
      this.socket.setEncoding('utf8').on('data', (data: string) => {
        this.text += data;
        if (isEnough(this.text)) {
          resolve();
        }
      });
    });
    return this.text;
  }

  leave(): void {
    this.socket.destroy();
  }
}

/** Its file descriptor stays open, since it goes on trying. */
function openWriter(
  path = fifo,
  flags: string | number = constants.O_WRONLY | constants.O_NONBLOCK,
): LineWriter {
  const fileDescriptor = openSync(path, flags);
  return new LineWriter({
    destination: {
      write: (chunk, done) => {
        write(fileDescriptor, chunk, done);
      },
      writeSync: (chunk) => writeSync(fileDescriptor, chunk),
    },
    chunkBytes: 4096,
    enoughBytes: 2048,
    onLoss: (lineCount) => losses.push(lineCount),
  });
}

describe('LineWriter', () => {
  it('writes all lines in order, however long its reader stalls', async () => {
    const reader = new Reader();
    const writer = openWriter();
    const lines = Array.from({ length: 50_000 }, (_, index) => lineOf(index));
    lines.forEach((line) => {
      writer.write(line);
    });
    const expected = lines.join('');
    expect(await reader.readUntil(({ length }) => length >= expected.length)).toBe(expected);
    expect(writer.droppedLines).toBe(0);
  });

  it('writes a few lines without waiting for more', async () => {
    const reader = new Reader();
    openWriter().write('alone\n');
    expect(await reader.readUntil((text) => text.endsWith('\n'))).toBe('alone\n');
  });

  it('drops and counts lines beyond 16 MiB, and says so once when it is read again', async () => {
    const reader = new Reader();
    const writer = openWriter();
    for (let index = 0; index < 20; index++) {
      writer.write(BIG_LINE);
    }
    expect(writer.droppedLines).toBe(4);
    expect(losses).toEqual([]);
    await reader.readUntil(({ length }) => length >= 16 * MEBIBYTE);
    writer.write('later\n');
    await reader.readUntil((text) => text.endsWith('later\n'));
    expect(losses).toEqual([4]);
    expect(writer.droppedLines).toBe(4);
  });

  it('waits for somebody else to read if its reader has left', async () => {
    const reader = new Reader();
    const writer = openWriter();
    writer.write('read\n');
    await reader.readUntil((text) => text === 'read\n');
    reader.leave();
    writer.write(BIG_LINE);
    const next = new Reader();
    expect((await next.readUntil(({ length }) => length >= MEBIBYTE)).length).toBe(MEBIBYTE);
  });

  it('writes the waiting lines at once when the process is about to end', async () => {
    const reader = new Reader();
    const writer = openWriter();
    writer.write('the last line\n');
    writer.flushSync();
    writer.flushSync();
    expect(await reader.readUntil((text) => text.endsWith('\n'))).toBe('the last line\n');
  });

  it('goes on where it had to give up, in the middle of a character', async () => {
    const reader = new Reader();
    const writer = openWriter();
    const lines = `x${'é'.repeat(MEBIBYTE)}\n`;
    writer.write(lines);
    await delay(20);
    writer.flushSync(0);
    const isRead = reader.readUntil((text) => text.endsWith('later\n'));
    writer.write('later\n');
    expect(await isRead).toBe(`${lines}later\n`);
  });

  it('ends when all is written', async () => {
    const reader = new Reader();
    const writer = openWriter();
    writer.write('the last line\n');
    await writer.flush();
    expect(await reader.readUntil((text) => text.endsWith('\n'))).toBe('the last line\n');
  });

  it.each<[string, () => LineWriter]>([
    [
      'its reader stalls',
      () => {
        new Reader();
        return openWriter();
      },
    ],
    [
      'its reader has left',
      () => {
        const reader = new Reader();
        const writer = openWriter();
        reader.leave();
        return writer;
      },
    ],
    ['the disk is full', () => openWriter('/dev/full')],
  ])('neither waits for ever nor throws if %s', async (_case, open) => {
    const writer = open();
    writer.write(BIG_LINE);
    writer.write('for flushSync\n');
    writer.flushSync();
    await writer.flush();
    writer.write('after the end\n');
    expect(writer.droppedLines).toBe(0);
  });

  it('drops and counts what waits once it is told that nobody will write it', () => {
    const writer = openWriter('/dev/full');
    Array.from({ length: 1000 }, (_, index) => lineOf(index)).forEach((line) => {
      writer.write(line);
    });
    expect(writer.abandon()).toBe(1000);
    expect(writer.droppedLines).toBe(1000);
    expect(writer.abandon()).toBe(0);
  });

  it('knows of the lines of a write that is under way when it is flushed', async () => {
    const writes: (() => void)[] = [];
    const writer = new LineWriter({
      destination: {
        write: (_chunk, done) => {
          writes.push(() => {
            done(new Error('the folder is gone'), 0);
          });
        },
        writeSync: () => 0,
      },
      chunkBytes: 4096,
      enoughBytes: 16,
      onLoss: (lineCount) => losses.push(lineCount),
    });
    writer.write(lineOf(0));
    await expect.poll(() => writes.length).toBe(1);
    writes[0]?.();
    await expect.poll(() => writes.length).toBe(2);
    const abandoned = writer.flush().then(() => writer.abandon());
    await delay(0);
    writes[1]?.();
    expect(await abandoned).toBe(1);
  });

  it('leaves a long line to flushSync, which writes it before the process ends', () => {
    const path = join(directory, 'file');
    const writer = openWriter(path, 'w');
    writer.write(BIG_LINE);
    writer.flushSync();
    expect(readFileSync(path, 'utf8')).toBe(BIG_LINE);
  });
});
