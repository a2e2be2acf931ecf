import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen, LISTENING_SOCKETS } from './listen.js';

const ADDRESS = { host: '127.0.0.1', port: 0, setting: 'PORT', socketCount: LISTENING_SOCKETS };
const CALLERS = 64;

/** Connects the callers from another thread, and counts them. */
const CONNECT = `
const { workerData: { port, callers, connected } } = require('node:worker_threads');
for (let caller = 0; caller < callers; caller++) {
  require('node:net').connect(port, '127.0.0.1', () => {
    Atomics.add(connected, 0, 1);
    Atomics.notify(connected, 0);
  });
}`;

function startServer(): Server {
  const server = createServer((socket) => socket.on('end', () => socket.end()).resume());
  onTestFinished(() => {
    server.close();
  });
  return server;
}

/** Connects all callers while the event loop stands still. */
async function connectAll(port: number): Promise<void> {
  const connected = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(CONNECT, { eval: true, workerData: { port, callers: CALLERS, connected } });
  onTestFinished(async () => {
    await worker.terminate();
  });
  await once(worker, 'online');
  for (let count = 0; count < CALLERS; count = Atomics.load(connected, 0)) {
    Atomics.wait(connected, 0, count);
  }
}

describe.runIf(process.platform === 'linux')('listen', () => {
  it('takes many callers in a turn of the event loop', async () => {
    const server = startServer();
    await listen(server, ADDRESS);
    let taken = 0;
    server.on('connection', () => taken++);
    await connectAll((server.address() as AddressInfo).port);
    let turns = 0;
    for (; taken < CALLERS; turns++) {
      await nextTurn();
    }
    expect(turns).toBeLessThan(CALLERS / 2);
  });

  it('refuses a port that another server has, though its own sockets share it', async () => {
    const server = startServer();
    await listen(server, ADDRESS);
    const { port } = server.address() as AddressInfo;
    await expect(listen(startServer(), { ...ADDRESS, port })).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${port}: the address is in use. Set PORT or HOST.`,
    );
  });

  it('is closed when the last connection of all sockets is', async () => {
    const server = startServer();
    await listen(server, ADDRESS);
    const { port } = server.address() as AddressInfo;
    let taken = 0;
    const areTaken = new Promise<void>((resolve) => {
      server.on('connection', () => {
        if (++taken === CALLERS) {
          resolve();
        }
      });
    });
    const callers = Array.from({ length: CALLERS }, () => connect(port, '127.0.0.1'));
    await areTaken;
    let isClosed = false;
    const closed = new Promise<void>((resolve) => {
      server.close(() => {
        isClosed = true;
        resolve();
      });
    });
    const [last, ...others] = callers;
    await Promise.all(
      others.map(async (caller) => {
        const end = once(caller, 'close');
        caller.destroy();
        return end;
      }),
    );
    await nextTurn();
    expect(isClosed).toBe(false);
    last?.destroy();
    await closed;
  });
});
