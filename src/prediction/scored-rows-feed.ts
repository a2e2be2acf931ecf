import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import type { Customer } from '../bundle/feature.js';
import type { FeatureTable } from '../model/feature-table.js';

/** The customers of one request, and what the model said of them. */
export interface ScoredRows {
  /** As they were sent. */
  readonly customers: readonly Customer[];
  /** As the model took them. */
  readonly table: FeatureTable;
  /** Unrounded, one for each row. */
  readonly probabilities: Float64Array;
  /** What a candidate says of the same rows, if one is asked; undefined if it does not answer. */
  candidateProbabilities?: Promise<Float64Array | undefined>;
}

type Watcher = (rows: ScoredRows) => void;

interface WatchOptions {
  /** Whether it reads rows again after it was shown them. */
  readonly keepsRows: boolean;
  /** Whether it has so much to do that it would lose rows of those who do not wait. */
  readonly isBehind?: () => boolean;
}

const LOOK_AGAIN_MS = 5;

/**
 * Shows each request's scored rows to those who watch the model at work. They run before the answer is sent, in the context of
 * the request, so what takes long they do later. One that fails is not shown any more rows; the answer does not notice.
 */
@Injectable()
export class ScoredRowsFeed {
  private readonly watchers = new Map<Watcher, WatchOptions>();

  constructor(@InjectPinoLogger(ScoredRowsFeed.name) private readonly logger: PinoLogger) {}

  /** Whether the memory of rows must stay as it is after they were shown. */
  get areRowsKept(): boolean {
    return [...this.watchers.values()].some(({ keepsRows }) => keepsRows);
  }

  watch(watcher: Watcher, options: WatchOptions): void {
    this.watchers.set(watcher, options);
  }

  show(rows: ScoredRows): void {
    for (const watcher of this.watchers.keys()) {
      try {
        watcher(rows);
      } catch (error) {
        this.watchers.delete(watcher);
        this.logger.error({ err: error }, 'scored rows are no longer watched');
      }
    }
  }

  /** Resolves when no watcher is behind. Work that nobody waits for asks before it shows rows. */
  async caughtUp(): Promise<void> {
    while ([...this.watchers.values()].some(({ isBehind }) => isBehind?.() === true)) {
      await delay(LOOK_AGAIN_MS);
    }
  }
}
