import { ProblemException } from '../http/problems/problem.exception.js';

const LONGEST_NAME = 100;

/** Refuses a request for what is in it. @param detail says which tensor, what is wrong, and what would be right */
export function invalidRequest(detail: string): ProblemException {
  return new ProblemException('validation_failed', detail);
}

/** The name of a tensor as JSON, cut where it is very long. */
export function quoted(name: string): string {
  const text = JSON.stringify(name.slice(0, LONGEST_NAME));
  return name.length > LONGEST_NAME ? `${text.toWellFormed()}…` : text;
}
