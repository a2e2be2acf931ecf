import type { CallContext } from '../call-context.js';
import type { RowSource } from '../row-source.js';

export interface IdleWork {
  readonly source: RowSource;
  readonly call: CallContext;
  readonly probabilities: Float64Array;
  nextRow: number;
  rowsToDo: number;
  readonly resolve: (probabilities: Float64Array) => void;
  readonly reject: (error: unknown) => void;
}

interface Lane {
  readonly works: IdleWork[];
  waitingRows: number;
}

/**
 * What waits until no prediction does. Work with a deadline and work without one, such as that of a file, queue apart and take
 * turns, slice by slice. So a file that is scored for hours gets on however many explanations come, and an explanation waits for
 * no more than as many rows of files as it has itself.
 */
export class IdleQueue {
  private readonly timed: Lane = { works: [], waitingRows: 0 };
  private readonly patient: Lane = { works: [], waitingRows: 0 };
  private isPatientNext = false;

  get isEmpty(): boolean {
    return this.timed.works.length === 0 && this.patient.works.length === 0;
  }

  get rowCount(): number {
    return this.timed.waitingRows + this.patient.waitingRows;
  }

  get timedRows(): number {
    return this.timed.waitingRows;
  }

  get hasTimed(): boolean {
    return this.timed.works.length > 0;
  }

  get hasPatient(): boolean {
    return this.patient.works.length > 0;
  }

  push(work: IdleWork): void {
    const lane = this.laneOf(work);
    lane.works.push(work);
    lane.waitingRows += work.source.rowCount;
  }

  /** The work whose turn it is. */
  next(): IdleWork | undefined {
    const [first, second] = this.isPatientNext ? [this.patient, this.timed] : [this.timed, this.patient];
    return first.works[0] ?? second.works[0];
  }

  /** Takes the next rows of the work, and the work itself with its last ones. @returns the row after them */
  takeRows(work: IdleWork, mostRows: number): number {
    const lane = this.laneOf(work);
    const end = Math.min(work.nextRow + mostRows, work.source.rowCount);
    lane.waitingRows -= end - work.nextRow;
    work.nextRow = end;
    if (end === work.source.rowCount) {
      lane.works.splice(lane.works.indexOf(work), 1);
    }
    this.isPatientNext = lane === this.timed;
    return end;
  }

  /** Takes the work out, if it still waits. */
  remove(work: IdleWork): void {
    const lane = this.laneOf(work);
    const index = lane.works.indexOf(work);
    if (index !== -1) {
      lane.works.splice(index, 1);
      lane.waitingRows -= work.source.rowCount - work.nextRow;
    }
  }

  private laneOf({ call }: IdleWork): Lane {
    return Number.isFinite(call.deadlineAtMs) ? this.timed : this.patient;
  }
}
