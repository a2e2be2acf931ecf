import type { FeatureMatrix } from '../feature-matrix.js';
import { ModelNotReadyError, RequestAbandonedError } from '../model.errors.js';
import type { ForwardPass } from './inference.js';

interface Waiting {
  readonly matrix: FeatureMatrix;
  readonly isAbandoned: () => boolean;
  readonly resolve: (probabilities: Float64Array) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Has requests share forward passes: what is waiting when a pass ends goes into the next one. While fewer passes run
 * than can, one is started at once, so nobody waits for company.
 *
 * Single rows and batches queue apart and take turns at being first, so that neither can hold the other up for more
 * than one pass. A request's rows are never split.
 */
export class PassScheduler {
  private readonly singles: Waiting[] = [];
  private readonly batches: Waiting[] = [];
  private singlesFirst = true;
  private passesRunning = 0;
  private whenIdle: PromiseWithResolvers<void> | undefined;

  /** @param maxRows of a pass; no request has more */
  constructor(
    private readonly forwardPass: ForwardPass,
    private readonly maxRows: number,
    private readonly passesAtOnce: number,
  ) {}

  /**
   * @param isAbandoned asked when the request's turn comes
   * @returns one probability for each row of the matrix, in their order
   * @throws {RequestAbandonedError} if nobody waits for the answer any more
   */
  async submit(matrix: FeatureMatrix, isAbandoned: () => boolean): Promise<Float64Array> {
    return new Promise((resolve, reject) => {
      const queue = matrix.rowCount === 1 ? this.singles : this.batches;
      queue.push({ matrix, isAbandoned, resolve, reject });
      this.startPasses();
    });
  }

  /** Resolves when no pass runs and nobody waits for one. */
  async idle(): Promise<void> {
    if (this.passesRunning > 0) {
      this.whenIdle ??= Promise.withResolvers();
      await this.whenIdle.promise;
    }
  }

  private startPasses(): void {
    while (this.passesRunning < this.passesAtOnce) {
      const requests = this.take();
      if (requests.length === 0) {
        break;
      }
      this.passesRunning++;
      void this.share(requests).then(() => {
        this.passesRunning--;
        this.startPasses();
      });
    }
    if (this.passesRunning === 0) {
      this.whenIdle?.resolve();
      this.whenIdle = undefined;
    }
  }

  /** The requests of the next pass. */
  private take(): Waiting[] {
    const queues = this.singlesFirst ? [this.singles, this.batches] : [this.batches, this.singles];
    this.singlesFirst = !this.singlesFirst;
    const taken: Waiting[] = [];
    let rowCount = 0;
    for (const queue of queues) {
      for (let next = queue[0]; next !== undefined; next = queue[0]) {
        if (next.isAbandoned()) {
          next.reject(new RequestAbandonedError());
        } else if (rowCount + next.matrix.rowCount <= this.maxRows) {
          taken.push(next);
          rowCount += next.matrix.rowCount;
        } else {
          break;
        }
        queue.shift();
      }
    }
    return taken;
  }

  /** Never rejects. A pass whose graph fails is run again for each request alone, so that only the culprit fails. */
  private async share(requests: readonly Waiting[]): Promise<void> {
    try {
      const probabilities = await this.forwardPass(concatenate(requests.map(({ matrix }) => matrix)));
      let row = 0;
      for (const { matrix, resolve } of requests) {
        resolve(probabilities.subarray(row, row + matrix.rowCount));
        row += matrix.rowCount;
      }
    } catch (error) {
      if (requests.length === 1 || error instanceof ModelNotReadyError) {
        requests.forEach(({ reject }) => {
          reject(error);
        });
        return;
      }
      for (const request of requests) {
        await this.share([request]);
      }
    }
  }
}

function concatenate(matrices: readonly FeatureMatrix[]): FeatureMatrix {
  const [first, second] = matrices;
  if (first !== undefined && second === undefined) {
    return first;
  }
  const columnCount = first?.columnCount ?? 0;
  const rowCount = matrices.reduce((sum, matrix) => sum + matrix.rowCount, 0);
  const values = new Float64Array(rowCount * columnCount);
  let position = 0;
  for (const matrix of matrices) {
    values.set(matrix.values, position);
    position += matrix.values.length;
  }
  return { rowCount, columnCount, values };
}
