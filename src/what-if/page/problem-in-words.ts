import type { Problem } from './model.js';
import { Refusal } from './requests.js';

const ADVICE: Readonly<Record<number, string>> = {
  401: 'The service wants an API key. Enter one below.',
  422: 'Not scored: see the marked fields.',
  429: 'Too many requests for now. Wait a little, then score again.',
  503: 'The service is busy. Wait a little, then score again.',
  504: 'It took too long. Wait a little, then score again.',
};

/** What went wrong, and what to do. */
export function problemInWords(error: unknown): string {
  if (error instanceof Refusal) {
    return ADVICE[error.problem.status] ?? error.problem.detail;
  }
  return 'The service cannot be reached. See whether it runs, then score again.';
}

/** Why there is a score without reasons. */
export function noReasonsInWords({ problem: { status } }: Refusal): string {
  return status === 501
    ? 'No reasons: the bundle of the model has no background rows to explain with.'
    : 'No reasons for now: the service has no time to explain. Score again in a while.';
}

export function isUnauthorized(error: unknown): boolean {
  return error instanceof Refusal && error.problem.status === 401;
}

/** The errors that belong to fields. */
export function fieldErrors(error: unknown): Problem['errors'] {
  return error instanceof Refusal ? error.problem.errors : [];
}
