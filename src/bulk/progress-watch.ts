/** What a stream waits for when nothing happens. */
const AWAITED = {
  rows: 'No row came',
  model: 'Predictions left no time to score a row',
  reader: 'No row of the answer was read',
} as const;

const LOOKS_PER_TIMEOUT = 10;

/** Notices when a stream answers no row for too long, and tells what it waits for. */
export class ProgressWatch {
  private awaited: keyof typeof AWAITED = 'rows';
  private progressAtMs = performance.now();
  private readonly timer: NodeJS.Timeout;

  constructor(idleTimeoutMs: number, onIdle: (detail: string) => void) {
    this.timer = setInterval(() => {
      if (performance.now() - this.progressAtMs >= idleTimeoutMs) {
        this.end();
        onIdle(`${AWAITED[this.awaited]} for ${idleTimeoutMs} ms.`);
      }
    }, idleTimeoutMs / LOOKS_PER_TIMEOUT).unref();
  }

  awaits(awaited: keyof typeof AWAITED): void {
    this.awaited = awaited;
  }

  progressed(): void {
    this.progressAtMs = performance.now();
  }

  end(): void {
    clearInterval(this.timer);
  }
}
