/**
 * Preloaded into a service, this makes its inference threads fail. FAULT says how, for a thread that is asked to score
 * FAULTY_CHARGES, which are those of no golden row: `exit` or `throw`, before the pass begins. FAULTY_THREADS says how many threads do so. On SIGUSR2 the
 * first thread is ended from outside.
 */
import { isMainThread, parentPort, threadId } from 'node:worker_threads';

const { FAULT, FAULTY_THREADS, FAULTY_CHARGES } = process.env;

if (isMainThread) {
  const threads = [];
  process.on('worker', (thread) => threads.push(thread));
  process.on('SIGUSR2', () => void threads.shift().terminate());
} else if (FAULT !== undefined && threadId <= Number(FAULTY_THREADS)) {
  parentPort.on('message', ({ table }) => {
    if (table?.numbers.includes(Number(FAULTY_CHARGES))) {
      if (FAULT === 'throw') {
        throw new Error('a fault of the thread');
      }
      process.exit(7);
    }
  });
}
