import type { Request, Response } from 'express';
import { ProblemException } from '../http/problems/problem.exception.js';
import type { CallContext } from '../model/call-context.js';
import type { LoadedModel } from '../model/model-loader.js';
import { AnswerStream } from './answer-stream.js';
import type { BulkFormat, FileOptions } from './bulk-format.js';
import { fileBytes } from './file-bytes.js';
import { type FileRow, UnreadableFileError } from './file-row.js';
import { ProgressWatch } from './progress-watch.js';
import type { AnswerWriter, BulkSummary, EarlyEnd, ScoredRow } from './scored-row.js';

export interface BulkStreamOptions {
  readonly request: Request;
  readonly response: Response;
  readonly format: BulkFormat;
  readonly file: FileOptions;
  readonly model: Pick<LoadedModel, 'version' | 'sha256'>;
  readonly idleTimeoutMs: number;
  /** Waits until no prediction is asked for. */
  readonly idleTurn: () => Promise<void>;
  readonly score: (rows: readonly FileRow[], call: CallContext) => Promise<readonly ScoredRow[]>;
  /** Called when the first rows are read, and so the answer begins. */
  readonly onBegin: () => void;
  readonly onRows: (rowCount: number, errorCount: number) => void;
  /** Called before the last line is sent. */
  readonly onEnd: (outcome: BulkOutcome, detail?: string, cause?: unknown) => void;
}

/** How a stream ended whose answer began. */
export type BulkOutcome = 'complete' | EarlyEnd;

/** Why a stream ends before the end of its file. */
interface Stop {
  readonly reason: EarlyEnd;
  readonly detail: string;
  /** What is answered instead, if nothing is answered yet. */
  readonly problem?: ProblemException;
  /** A failure of the service. */
  readonly cause?: unknown;
}

/** One file on its way through: read, scored and answered piece by piece, each before the next is read. */
export class BulkStream {
  rowCount = 0;
  errorCount = 0;
  private readonly writer: AnswerWriter;
  private readonly ended = Promise.withResolvers<Stop | undefined>();
  private isStopped = false;
  private answer: AnswerStream | undefined;
  private readonly call: CallContext;
  private readonly watch: ProgressWatch;

  constructor(private readonly options: BulkStreamOptions) {
    this.writer = options.format.writer(options.file);
    const isClosed = (): boolean => this.isStopped;
    this.call = {
      deadlineAtMs: Infinity,
      get closed() {
        return isClosed();
      },
    };
    this.watch = new ProgressWatch(options.idleTimeoutMs, (detail) => {
      const problem = new ProblemException('request_timeout', detail);
      this.stop({ reason: 'no_progress', detail, problem });
    });
  }

  /** Ends the stream after the rows that are answered. */
  shutDown(): void {
    const detail = 'The service shuts down.';
    this.stop({ reason: 'shutdown', detail, problem: new ProblemException('model_not_ready', detail) });
  }

  /**
   * Resolves when the answer is ended.
   *
   * @throws {ProblemException} if the file is refused before anything is answered
   */
  async run(): Promise<void> {
    // Before the listener that writes the request's log line.
    this.options.response.prependOnceListener('close', () => {
      this.stop({ reason: 'client_gone', detail: 'The client closed the connection.' });
      this.ended.resolve(undefined);
    });
    try {
      void this.work();
      const stop = await this.ended.promise;
      if (stop !== undefined) {
        await this.endEarly(stop);
      }
    } finally {
      this.isStopped = true;
      this.watch.end();
    }
  }

  private stop(stop: Stop): void {
    if (this.isStopped) {
      return;
    }
    this.isStopped = true;
    if (this.answer !== undefined || stop.reason === 'client_gone') {
      this.options.onEnd(stop.reason, stop.detail, stop.cause);
    }
    this.ended.resolve(stop);
  }

  /** Never rejects. When the stream is stopped it goes no further, whenever what it waited for comes. */
  private async work(): Promise<void> {
    const { request, format, file, idleTurn } = this.options;
    const reader = format.reader(file);
    try {
      for await (const bytes of fileBytes(request)) {
        this.watch.awaits('model');
        await idleTurn();
        if (this.isStopped || !(await this.take(reader.push(bytes)))) {
          return;
        }
        this.watch.awaits('rows');
      }
      if (!this.isStopped && (await this.take(reader.end()))) {
        await this.endWhole();
      }
    } catch (error) {
      this.stop(this.stopFor(error));
    }
  }

  private async endWhole(): Promise<void> {
    const answer = this.begin();
    this.isStopped = true;
    this.options.onEnd('complete');
    await answer.end(this.writer.last(this.summary({ complete: true })));
    this.ended.resolve(undefined);
  }

  /** Scores and answers rows. @returns whether the stream goes on */
  private async take(rows: readonly FileRow[]): Promise<boolean> {
    if (rows.length === 0) {
      return true;
    }
    const answer = this.begin();
    this.watch.awaits('model');
    const scored = await this.options.score(rows, this.call);
    if (this.isStopped) {
      return false;
    }
    const errorCount = scored.reduce((count, row) => count + Number('errors' in row), 0);
    this.rowCount += rows.length;
    this.errorCount += errorCount;
    this.options.onRows(rows.length, errorCount);
    this.watch.awaits('reader');
    await answer.write(this.writer.rows(scored));
    this.watch.progressed();
    return !this.isStopped;
  }

  private begin(): AnswerStream {
    if (this.answer === undefined) {
      const { request, response, format, onBegin } = this.options;
      onBegin();
      this.answer = new AnswerStream(request, response, format.mediaType);
      void this.answer.write(this.writer.head());
    }
    return this.answer;
  }

  private stopFor(error: unknown): Stop {
    if (error instanceof ProblemException) {
      return { reason: 'invalid_file', detail: error.detail, problem: error };
    }
    if (error instanceof UnreadableFileError) {
      const { message: detail } = error;
      return { reason: 'invalid_file', detail, problem: this.options.format.refusal(detail) };
    }
    if (this.options.request.errored !== null) {
      return { reason: 'client_gone', detail: 'The client closed the connection.' };
    }
    return { reason: 'model_failed', detail: 'The failure is logged under the request id.', cause: error };
  }

  private async endEarly({ reason, detail, problem, cause }: Stop): Promise<void> {
    const { response } = this.options;
    if (this.answer === undefined && reason !== 'client_gone') {
      throw problem ?? cause;
    }
    this.answer?.breakOff(this.writer.last(this.summary({ complete: false, reason, detail })));
    if (!response.closed) {
      await new Promise((resolve) => response.once('close', resolve));
    }
  }

  private summary({
    complete,
    reason,
    detail,
  }: Pick<BulkSummary, 'complete' | 'reason' | 'detail'>): BulkSummary {
    const { version, sha256 } = this.options.model;
    return {
      complete,
      ...(reason !== undefined && { reason }),
      rows: this.rowCount,
      errors: this.errorCount,
      model_version: version,
      model_sha256: sha256,
      ...(detail !== undefined && { detail }),
    };
  }
}
