import { ProblemException } from '../http/problems/problem.exception.js';
import { SCORE_COLUMNS } from './scored-row.js';

const MOST_KEPT = 100;
const TAKEN: readonly string[] = [...SCORE_COLUMNS, 'line', 'error_count', 'complete'];

/**
 * @param query the parameter `keep`, a comma-separated list that may be given more than once
 * @throws {ProblemException} if the answer could not have such columns
 */
export function keptColumns(query: unknown): readonly string[] {
  const texts = (Array.isArray(query) ? query : [query ?? '']) as unknown[];
  if (!texts.every((text) => typeof text === 'string')) {
    throw malformed('must be a comma-separated list of columns');
  }
  const names = texts.flatMap((text) => text.split(',')).filter((name) => name !== '');
  const taken = names.find((name) => TAKEN.includes(name));
  if (taken !== undefined) {
    throw malformed(`names ${taken}, which is a column of the answer itself`);
  }
  if (new Set(names).size < names.length) {
    throw malformed('names a column twice');
  }
  if (names.length > MOST_KEPT) {
    throw malformed(`names ${names.length} columns, but may name ${MOST_KEPT} at most`);
  }
  return names;
}

function malformed(fault: string): ProblemException {
  return new ProblemException('malformed_request', `The query parameter keep ${fault}.`);
}
