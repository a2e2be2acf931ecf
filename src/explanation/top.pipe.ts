import { Injectable, type PipeTransform } from '@nestjs/common';
import { ProblemException } from '../http/problems/problem.exception.js';

/** Reads how many contributions a caller wants to see. */
@Injectable()
export class TopPipe implements PipeTransform<unknown, number | undefined> {
  transform(text: unknown): number | undefined {
    if (text === undefined) {
      return undefined;
    }
    if (typeof text !== 'string' || !/^[1-9]\d{0,3}$/.test(text)) {
      throw new ProblemException(
        'malformed_request',
        `The query parameter top must be an integer from 1 to 9999, but is ${JSON.stringify(text).slice(0, 40)}.`,
      );
    }
    return Number(text);
  }
}
