import { AsyncResource } from 'node:async_hooks';
import { resolve } from 'node:path';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { Settings } from '../config/settings.js';
import { sliceRows, tableOf } from '../model/feature-table.js';
import { ModelService } from '../model/model.service.js';
import { type ScoredRows, ScoredRowsFeed } from '../prediction/scored-rows-feed.js';
import { type Candidate, readCandidate } from './candidate.js';
import { CandidateProcess, type CandidateState } from './candidate-process.js';
import { type BothThresholds, compare } from './comparison.js';
import type { ShadowCandidateDto } from './dto/shadow-candidate.dto.js';
import { ShadowMetrics } from './shadow.metrics.js';
import { ShadowQueue } from './shadow-queue.js';

/** A candidate that fails at every pass would fill the log. */
const FAILURE_INTERVAL_MS = 60_000;

/** Of a large request: a slow candidate that was given all of it at once would be taken for one that stalls. */
const PIECE_ROWS = 100;

/**
 * Has a candidate score the rows that were answered, while no prediction waits, and compares. Whatever becomes of the
 * candidate, answers do not notice.
 */
@Injectable()
export class ShadowService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private loaded: Candidate | undefined;
  private process: CandidateProcess | undefined;
  private readonly queue = new ShadowQueue();
  private isWorking = false;
  private isEnding = false;
  private failureToldAtMs = -Infinity;

  constructor(
    private readonly settings: Settings,
    private readonly model: ModelService,
    private readonly feed: ScoredRowsFeed,
    private readonly metrics: ShadowMetrics,
    @InjectPinoLogger(ShadowService.name) private readonly logger: PinoLogger,
  ) {}

  /** Absent if its bundle could not be read. */
  get candidate(): Candidate | undefined {
    return this.loaded;
  }

  get state(): CandidateState {
    return this.process?.state ?? 'refused';
  }

  get description(): ShadowCandidateDto {
    const { name, version, sha256 } = this.loaded ?? {};
    return {
      state: this.state,
      ...(name !== undefined && { name }),
      ...(version !== undefined && { version }),
      ...(sha256 !== undefined && { sha256 }),
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    const { shadowModelPath, allowUnverifiedModel, stallTimeoutMs } = this.settings;
    const path = resolve(shadowModelPath);
    try {
      this.loaded = await readCandidate(path, allowUnverifiedModel, this.model.loaded.contract);
      this.process = new CandidateProcess({
        modelPath: path,
        digest: this.loaded.digest,
        allowUnverified: allowUnverifiedModel,
        stallTimeoutMs,
        onReady: () => {
          this.logger.info(
            { path, ...this.facts },
            'the candidate is proven, and scores beside the served model',
          );
        },
        onLost: (reason, restartMs) => {
          this.logger.error(
            { path, ...this.facts, reason, ...(restartMs !== undefined && { restart_ms: restartMs }) },
            restartMs === undefined
              ? 'the candidate is refused'
              : 'the candidate is lost, and is started again',
          );
        },
      });
      this.watchRows(this.loaded, this.process);
    } catch (error) {
      this.logger.error({ path, reason: (error as Error).message }, 'the candidate is refused');
    }
    this.metrics.watch(this.loaded, () => this.state === 'ready');
  }

  /** The last rows are not compared, so that the end need not wait for them. */
  beforeApplicationShutdown(): void {
    this.isEnding = true;
    this.process?.end();
    this.metrics.dropped(this.queue.clear());
  }

  private get facts(): object {
    return this.loaded === undefined ? {} : { version: this.loaded.version, sha256: this.loaded.sha256 };
  }

  private watchRows(candidate: Candidate, runner: CandidateProcess): void {
    const { layout } = candidate;
    const isSameLayout = JSON.stringify(layout) === JSON.stringify(this.model.loaded.layout);
    const { shadowSample } = this.settings;
    // Of all requests, and so in the context of none.
    const work = AsyncResource.bind(() => void this.work(candidate, runner));
    const watcher = (rows: ScoredRows): void => {
      if (Math.random() >= shadowSample) {
        return;
      }
      const { rowCount } = rows.table;
      if (this.state !== 'ready' || !this.queue.hasRoomFor(rowCount)) {
        this.metrics.dropped(rowCount);
        return;
      }
      this.take(rows, isSameLayout ? rows.table : tableOf(rows.customers, layout));
      if (!this.isWorking) {
        work();
      }
    };
    this.feed.watch(watcher, { keepsRows: true });
  }

  private take(rows: ScoredRows, table: ScoredRows['table']): void {
    const { rowCount } = table;
    const answers: Promise<Float64Array | undefined>[] = [];
    for (let start = 0; start < rowCount; start += PIECE_ROWS) {
      const end = Math.min(start + PIECE_ROWS, rowCount);
      const { promise, resolve: settle } = Promise.withResolvers<Float64Array | undefined>();
      answers.push(promise);
      this.queue.add({
        table: rowCount <= PIECE_ROWS ? table : sliceRows(table, start, end),
        probabilities: rows.probabilities.subarray(start, end),
        settle,
      });
    }
    rows.candidateProbabilities = Promise.all(answers).then(joined);
  }

  /** Never rejects. */
  private async work(candidate: Candidate, runner: CandidateProcess): Promise<void> {
    const thresholds = { served: this.model.loaded.thresholds, candidate: candidate.thresholds };
    this.isWorking = true;
    while (!this.queue.isEmpty) {
      await this.model.idleTurn();
      if (runner.state === 'ready') {
        await this.compareNext(runner, thresholds);
      } else {
        this.metrics.dropped(this.queue.clear());
      }
    }
    this.isWorking = false;
  }

  private async compareNext(runner: CandidateProcess, thresholds: BothThresholds): Promise<void> {
    const { all, table } = this.queue.take();
    try {
      const { probabilities, passMs } = await runner.score(table);
      this.metrics.passed(passMs);
      this.queue.took(table.rowCount, passMs);
      let row = 0;
      for (const { table: own, probabilities: served, settle } of all) {
        const scores = probabilities.subarray(row, row + own.rowCount);
        row += own.rowCount;
        const invalidCount = compare(served, scores, thresholds, this.metrics);
        if (invalidCount > 0) {
          this.tellFailure('it gave no probability between 0 and 1');
        }
        settle(scores);
      }
    } catch (error) {
      this.didNotScore(table.rowCount, error);
      for (const { settle } of all) {
        settle(undefined);
      }
    }
  }

  private didNotScore(rowCount: number, error: unknown): void {
    if (this.isEnding) {
      this.metrics.dropped(rowCount);
    } else {
      this.metrics.failed(rowCount);
      this.tellFailure((error as Error).message);
    }
  }

  private tellFailure(reason: string): void {
    const nowMs = performance.now();
    if (nowMs - this.failureToldAtMs > FAILURE_INTERVAL_MS) {
      this.failureToldAtMs = nowMs;
      this.logger.error({ ...this.facts, reason }, 'the candidate failed to score rows');
    }
  }
}

/** The answers to all pieces of a request, or nothing if one is missing. */
function joined(pieces: readonly (Float64Array | undefined)[]): Float64Array | undefined {
  const known = pieces.filter((piece) => piece !== undefined);
  return known.length < pieces.length ? undefined : Float64Array.from(known.flatMap((piece) => [...piece]));
}
