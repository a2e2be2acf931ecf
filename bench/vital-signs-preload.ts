import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/** What the service knows of itself. */
export interface VitalSigns {
  /** Since the last reading. */
  readonly eventLoopDelayP99Ms: number;
  readonly memory: NodeJS.MemoryUsage;
  /** In bytes, after the last collection of garbage that was asked for. */
  readonly liveHeap: number;
}

// Preloaded into the service by `node --expose-gc --import`. The main thread answers each message with its vital signs. At
// every tenth it collects its garbage first: what is left is what it holds.

const MESSAGES_PER_COLLECTION = 10;

if (isMainThread && process.channel) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let messageCount = 0;
  let liveHeap = NaN;
  delay.enable();
  process.on('message', () => {
    const eventLoopDelayP99Ms = delay.percentile(99) / 1e6;
    const memory = process.memoryUsage();
    // A pause that only this collection makes is none of the service's.
    delay.disable();
    if (messageCount++ % MESSAGES_PER_COLLECTION === 0) {
      globalThis.gc?.();
      liveHeap = process.memoryUsage().heapUsed;
    }
    process.send?.({ eventLoopDelayP99Ms, memory, liveHeap } satisfies VitalSigns);
    delay.reset();
    delay.enable();
  });
  process.channel.unref();
}
