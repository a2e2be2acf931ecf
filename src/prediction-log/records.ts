import type { LineWriter } from '../log/line-writer.js';
import type { ScoredRows } from '../prediction/scored-rows-feed.js';
import {
  recordBeginnings,
  type RecordedCandidate,
  type RecordedModel,
  type RecordedRequest,
  recordEnd,
} from './record-lines.js';

/**
 * Scored rows on their way to the file. Their lines are made after the answers of this turn of the event loop are sent, and
 * written when the candidate has answered, if one is asked.
 */
export class Records {
  private readonly scored: { rows: ScoredRows; request: RecordedRequest }[] = [];
  private readonly unanswered = new Set<Promise<void>>();
  private addedRows = 0;

  /**
   * @param candidate gives the model that is asked too, if there is one
   * @param idField field of the body that identifies a customer; empty to keep none
   */
  constructor(
    private readonly writer: LineWriter,
    private readonly model: RecordedModel,
    private readonly candidate: () => Omit<RecordedCandidate, 'probabilities'> | undefined,
    private readonly idField: string,
  ) {}

  /** Rows that were added so far. */
  get rowCount(): number {
    return this.addedRows;
  }

  add(rows: ScoredRows, request: RecordedRequest): void {
    this.addedRows += rows.table.rowCount;
    if (this.scored.push({ rows, request }) === 1) {
      setImmediate(() => {
        this.toLines();
      });
    }
  }

  /** Resolves when all lines are handed to the writer. */
  async finish(): Promise<void> {
    this.toLines();
    await Promise.all(this.unanswered);
  }

  toLines(): void {
    for (const { rows, request } of this.scored.splice(0)) {
      const beginnings = recordBeginnings(rows, request, this.model, this.idField);
      if (rows.candidateProbabilities === undefined) {
        this.write(beginnings, undefined);
      } else {
        this.writeWith(rows.candidateProbabilities, beginnings);
      }
    }
  }

  private writeWith(answer: Promise<Float64Array | undefined>, beginnings: readonly string[]): void {
    const candidate = this.candidate();
    const written = answer.then((probabilities) => {
      this.write(beginnings, candidate && probabilities && { ...candidate, probabilities });
      this.unanswered.delete(written);
    });
    this.unanswered.add(written);
  }

  private write(beginnings: readonly string[], candidate: RecordedCandidate | undefined): void {
    beginnings.forEach((beginning, row) => {
      this.writer.write(beginning + recordEnd(row, candidate));
    });
  }
}
