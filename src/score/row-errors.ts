import 'reflect-metadata';
import type { Contract } from '../bundle/contract.js';
import type { Customer, Feature, FeatureValue } from '../bundle/feature.js';
import { valueOfText } from '../bundle/text-value.js';
import { customerDto } from '../prediction/dto/customer.dto.js';
import type { FieldErrors } from '../prediction/validation/field-errors.js';
import { ValidationPipe } from '../prediction/validation/validation.pipe.js';
import type { FileKind } from './file-format.js';
import { REFUSED, type RefusedRow } from './thread-protocol.js';

type FieldError = FieldErrors['listed'][number];

/** One of the model itself has no field. */
type RowError = FieldError | Pick<FieldError, 'detail'>;

/** Where every value may be missing, a row without any is refused for its line. */
const NO_OBJECT: FieldError = {
  pointer: '',
  code: 'not_an_object',
  detail: 'The line must be a JSON object, but is none.',
};

/** What is wrong with rows, in the words of the API. */
export class RowErrors {
  private readonly pipe: ValidationPipe;

  constructor(private readonly contract: Contract) {
    this.pipe = new ValidationPipe(customerDto(contract));
  }

  /** @returns for each row a JSON array, or one text for people */
  of(rows: readonly RefusedRow[], source: FileKind, asJson: boolean): string[] {
    return rows.map((refused) => {
      const errors = this.errorsOf(refused, source);
      return asJson
        ? JSON.stringify(errors.map((error) => ({ row: refused.row, ...error })))
        : `row ${refused.row}: ${errors.map(({ detail }) => detail).join(' ')}`;
    });
  }

  private errorsOf({ row, probability, values }: RefusedRow, source: FileKind): readonly RowError[] {
    if (probability !== REFUSED) {
      return [{ detail: `The model gave ${probability} for it, which is no probability.` }];
    }
    const fault = source === 'ndjson' ? this.jsonFault(values) : undefined;
    if (fault !== undefined) {
      return [{ pointer: '', code: 'invalid', detail: fault }];
    }
    const customer: Customer = Object.fromEntries(
      this.contract.features.map((feature, index) => [
        feature.name,
        valueOf(feature, values[index] ?? null, source),
      ]),
    );
    const { listed } = this.pipe.errorsOf(customer);
    if (listed.length === 0 && source === 'ndjson' && values.every((value) => value === null)) {
      return [NO_OBJECT];
    }
    if (listed.length === 0) {
      throw new Error(`Row ${row} was refused, but each of its values is accepted.`);
    }
    return listed;
  }

  /** DuckDB takes `NaN` and the like for JSON, which is none. */
  private jsonFault(values: RefusedRow['values']): string | undefined {
    for (const [index, { name }] of this.contract.features.entries()) {
      try {
        JSON.parse(values[index] ?? 'null');
      } catch (error) {
        return `The line is not JSON at ${name}: ${(error as Error).message}.`;
      }
    }
    return undefined;
  }
}

function valueOf(feature: Feature, text: string | null, source: FileKind): FeatureValue {
  if (text === null) {
    return null;
  }
  if (source === 'ndjson') {
    return JSON.parse(text) as FeatureValue;
  }
  return source === 'parquet' && feature.type === 'category' ? text : valueOfText(feature, text);
}
