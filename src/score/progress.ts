import type { Tally } from './score-functions.js';

const TERMINAL_EVERY_MS = 200;
const LINE_EVERY_MS = 10_000;
const BAR_WIDTH = 24;

/** Where progress is shown: standard error, since the answer may go to standard output. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): void;
}

/** Shows how far a run is: a bar that moves on a terminal, and a line now and then elsewhere. */
export class Progress {
  private readonly startedAtMs = performance.now();
  private readonly timer: NodeJS.Timeout;

  /** @param share of the input that is read, from 0 to 1, or less than 0 if it is not known */
  constructor(
    private readonly screen: Screen,
    private readonly tally: () => Tally,
    private readonly share: () => number,
  ) {
    const isTerminal = screen.isTTY === true;
    this.timer = setInterval(
      () => {
        this.show(isTerminal);
      },
      isTerminal ? TERMINAL_EVERY_MS : LINE_EVERY_MS,
    );
  }

  /** Ends the display, and clears it on a terminal. */
  stop(): void {
    clearInterval(this.timer);
    if (this.screen.isTTY === true) {
      this.screen.write('\r\x1b[K');
    }
  }

  private show(isTerminal: boolean): void {
    const { scored, refused } = this.tally();
    const elapsedMs = performance.now() - this.startedAtMs;
    const line = progressLine(scored + refused, elapsedMs, this.share(), isTerminal);
    this.screen.write(isTerminal ? `\r${line}\x1b[K` : `${line}\n`);
  }
}

export function progressLine(rows: number, elapsedMs: number, share: number, withBar: boolean): string {
  const parts = [`${inThousands(rows)} rows`, `${inThousands(rowsPerSecond(rows, elapsedMs))} rows/s`];
  if (share > 0 && share <= 1) {
    parts.push(`${Math.floor(share * 100)} %`, `${duration((elapsedMs / share) * (1 - share))} left`);
  }
  return withBar ? `${bar(share)} ${parts.join(', ')}` : parts.join(', ');
}

export function rowsPerSecond(rows: number, elapsedMs: number): number {
  return Math.round((rows * 1000) / Math.max(elapsedMs, 1));
}

/** `toLocaleString` would load ICU's data first, which takes 20 ms. */
export function inThousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

function bar(share: number): string {
  const filled = Math.round(Math.min(Math.max(share, 0), 1) * BAR_WIDTH);
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}]`;
}

/** Such as 4 s, 2:05 or 1:00:09. */
function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const digits = (value: number): string => String(value).padStart(2, '0');
  return hours > 0
    ? `${hours}:${digits(minutes)}:${digits(seconds % 60)}`
    : `${minutes}:${digits(seconds % 60)}`;
}
