import type { ClientRateLimitInfo, Store } from 'express-rate-limit';

interface Window {
  /** By the monotonic clock. */
  endsAtMs: number;
  requestCount: number;
}

/**
 * Counts the requests of each caller in windows of the monotonic clock. The store of express-rate-limit uses the clock of
 * the wall: when that is set back by an hour, callers have to wait for an hour.
 */
export class WindowStore implements Store {
  /** Callers that have sent a request since the last tick. */
  private current = new Map<string, Window>();
  /** Callers that have sent none since the last tick. Their windows have ended at the next one. */
  private previous = new Map<string, Window>();

  constructor(private readonly windowMs: number) {
    setInterval(() => {
      this.previous = this.current;
      this.current = new Map();
    }, windowMs).unref();
  }

  increment(caller: string): ClientRateLimitInfo {
    const { totalHits, remainingMs } = this.count(caller);
    // express-rate-limit subtracts the time of day from it at once.
    return { totalHits, resetTime: new Date(new Date().getTime() + remainingMs) };
  }

  /** @returns how many requests the caller has sent in its window, this one included, and how long that goes on */
  count(caller: string): { totalHits: number; remainingMs: number } {
    const nowMs = performance.now();
    const window = this.windowOf(caller);
    if (window.endsAtMs <= nowMs) {
      window.endsAtMs = nowMs + this.windowMs;
      window.requestCount = 0;
    }
    window.requestCount++;
    return { totalHits: window.requestCount, remainingMs: window.endsAtMs - nowMs };
  }

  decrement(caller: string): void {
    this.windowOf(caller).requestCount--;
  }

  resetKey(caller: string): void {
    this.current.delete(caller);
    this.previous.delete(caller);
  }

  private windowOf(caller: string): Window {
    const known = this.current.get(caller);
    if (known !== undefined) {
      return known;
    }
    const window = this.previous.get(caller) ?? { endsAtMs: -Infinity, requestCount: 0 };
    this.previous.delete(caller);
    this.current.set(caller, window);
    return window;
  }
}
