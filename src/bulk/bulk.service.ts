import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Request, Response } from 'express';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import { Settings } from '../config/settings.js';
import { ProblemException } from '../http/problems/problem.exception.js';
import { BODY_LIMIT_BYTES } from '../http/requests/json-body.middleware.js';
import { currentRequest } from '../http/requests/request-context.js';
import { ModelService } from '../model/model.service.js';
import { bulkFormat } from './bulk-format.js';
import { BulkMetrics } from './bulk.metrics.js';
import { BulkStream } from './bulk-stream.js';
import { isGzip } from './file-bytes.js';
import { keptColumns } from './kept-columns.js';
import { RowScorer } from './row-scorer.js';

/** A place is taken for minutes, so there is no use in coming back at once. */
const RETRY_SECONDS = 30;
const PROGRESS_INTERVAL_MS = 10_000;
/** Of the time to shut down, for the last lines on their way. */
const LAST_LINE_MS = 1000;

/** Scores files, a few at a time. */
@Injectable()
export class BulkService implements OnModuleDestroy {
  private readonly streams = new Set<BulkStream>();
  private whenNone: PromiseWithResolvers<void> | undefined;

  constructor(
    private readonly model: ModelService,
    private readonly scorer: RowScorer,
    private readonly settings: Settings,
    private readonly metrics: BulkMetrics,
    @Inject(BODY_LIMIT_BYTES) private readonly longestRowBytes: number,
    @InjectPinoLogger(BulkService.name) private readonly logger: PinoLogger,
  ) {}

  /**
   * Answers a file by a file.
   *
   * @param keep the query parameter
   * @throws {ProblemException} if the file is refused
   */
  async score(request: Request, response: Response, keep: unknown): Promise<void> {
    const format = bulkFormat(request.get('Content-Type'));
    isGzip(request);
    const kept = keptColumns(keep);
    this.requirePlace();
    const { loaded: model } = this.model;
    const { contract, version } = model;
    const file = { contract, keep: kept, modelVersion: version, longestBytes: this.longestRowBytes };
    const context = currentRequest();
    const { logFields = {} } = context ?? {};
    const stream = new BulkStream({
      request,
      response,
      format,
      file,
      model,
      idleTimeoutMs: this.settings.bulkIdleTimeoutMs,
      idleTurn: async () => this.model.idleTurn(),
      score: async (rows, call) => this.scorer.score(rows, call),
      onBegin: () => {
        if (context !== undefined) {
          context.isStream = true;
        }
      },
      onRows: (rowCount, errorCount) => {
        this.metrics.answered(rowCount, errorCount);
        Object.assign(logFields, countsOf(stream), { model_version: version });
      },
      onEnd: (outcome, detail, cause) => {
        if (context !== undefined) {
          // What is left to be sent has SEND_TIMEOUT_MS, like other answers.
          context.isStream = false;
        }
        this.metrics.outcome(outcome);
        // A client that leaves is noticed outside of its request.
        Object.assign(logFields, { outcome, reason: detail, err: cause });
      },
    });
    await this.run(stream);
  }

  /** Resolves when no file is being answered. */
  async idle(): Promise<void> {
    if (this.streams.size > 0) {
      this.whenNone ??= Promise.withResolvers();
      await this.whenNone.promise;
    }
  }

  onModuleDestroy(): void {
    const { shutdownTimeoutMs } = this.settings;
    const timeMs = Math.max(shutdownTimeoutMs / 2, shutdownTimeoutMs - LAST_LINE_MS);
    setTimeout(() => {
      for (const stream of this.streams) {
        stream.shutDown();
      }
    }, timeMs).unref();
  }

  private requirePlace(): void {
    const { maxBulkStreams } = this.settings;
    if (this.streams.size >= maxBulkStreams) {
      throw new ProblemException(
        'overloaded',
        `As many files are being scored as may be (MAX_BULK_STREAMS=${maxBulkStreams}); try again in ${RETRY_SECONDS} s.`,
        { headers: { 'Retry-After': String(RETRY_SECONDS) } },
      );
    }
  }

  private async run(stream: BulkStream): Promise<void> {
    this.streams.add(stream);
    this.metrics.began();
    const progress = setInterval(() => {
      this.logger.info({ request_id: currentRequest()?.id, ...countsOf(stream) }, 'a file is being scored');
    }, PROGRESS_INTERVAL_MS);
    try {
      await stream.run();
    } finally {
      clearInterval(progress);
      this.metrics.ended();
      this.streams.delete(stream);
      if (this.streams.size === 0) {
        this.whenNone?.resolve();
        this.whenNone = undefined;
      }
    }
  }
}

function countsOf({ rowCount, errorCount }: BulkStream): { rows: number; row_errors: number } {
  return { rows: rowCount, row_errors: errorCount };
}
