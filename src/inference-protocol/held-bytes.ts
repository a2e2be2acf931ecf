import { Injectable } from '@nestjs/common';
import type { ProblemException } from '../http/problems/problem.exception.js';
import { overloaded } from '../prediction/overloaded.problem.js';

/** Of all requests that are not answered yet. Rows take about four times as much memory as their body. */
const MOST_BYTES = 67_108_864;
const RETRY_MS = 1000;

/** Refuses a request for which there is no room. */
export function noRoom(): ProblemException {
  return overloaded(RETRY_MS);
}

/** Counts the bytes of requests that wait for their answer, over REST and over gRPC together. */
@Injectable()
export class HeldBytes {
  private heldBytes = 0;

  /** @returns whether there is room for so many. One request alone always has. */
  hold(byteCount: number): boolean {
    if (this.heldBytes > 0 && this.heldBytes + byteCount > MOST_BYTES) {
      return false;
    }
    this.heldBytes += byteCount;
    return true;
  }

  release(byteCount: number): void {
    this.heldBytes -= byteCount;
  }
}
