import type { Feature } from '../bundle/feature.js';
import { customerAt, type FeatureColumns, refusedRows } from '../bundle/feature-columns.js';
import { type FieldError, ProblemException } from '../http/problems/problem.exception.js';
import type { ValidationPipe } from '../prediction/validation/validation.pipe.js';

/** Of the errors of a request, as many are told. */
const MOST_TOLD = 10;

/**
 * Lets columns through whose values the contract accepts.
 *
 * @param customerPipe words what is wrong with a row, as for `POST /predict`
 * @throws {ProblemException} that names the first refused rows, counted from 0, and their features
 */
export function refuseInvalidRows(
  features: readonly Feature[],
  columns: FeatureColumns,
  customerPipe: ValidationPipe,
): void {
  const rows = refusedRows(features, columns);
  if (rows.length === 0) {
    return;
  }
  const errors: FieldError[] = [];
  for (const row of rows) {
    if (errors.length >= MOST_TOLD) {
      break;
    }
    const { listed } = customerPipe.errorsOf(customerAt(features, columns, row));
    errors.push(
      ...listed.map(({ pointer, code, detail }) => ({
        pointer: `/${row}${pointer}`,
        code,
        detail: `row ${row}: ${detail}`,
      })),
    );
  }
  const told = errors.slice(0, MOST_TOLD).map(({ detail }) => detail);
  const count = rows.length === 1 ? '1 row is' : `${rows.length} rows are`;
  const rest =
    told.length < errors.length || errors.length >= MOST_TOLD ? ' Further errors are not listed.' : '';
  throw new ProblemException('validation_failed', `${count} invalid. ${told.join(' ')}${rest}`, { errors });
}
