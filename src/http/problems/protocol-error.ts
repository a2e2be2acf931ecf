import { type ProblemCode, PROBLEMS } from './problem-catalogue.js';

/** The paths of the Open Inference Protocol. */
const PROTOCOL_PATHS = /^\/v2(\/|$)/i;

/** An error of the Open Inference Protocol. */
export interface ProtocolError {
  readonly error: string;
}

/** Whether errors have the form that the Open Inference Protocol gives them, not that of a problem. */
export function isProtocolPath(path: string): boolean {
  return PROTOCOL_PATHS.test(path);
}

/** What is wrong with the content of a request has the status 400 in the protocol, which knows no 422. */
export function protocolStatus(code: ProblemCode): number {
  const { status } = PROBLEMS[code];
  return status === 422 ? 400 : status;
}
