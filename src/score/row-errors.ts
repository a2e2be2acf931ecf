import 'reflect-metadata';
import type { Contract } from '../bundle/contract.js';
import type { Customer, Feature, FeatureValue } from '../bundle/feature.js';
import { valueOfText } from '../bundle/text-value.js';
import { customerDto } from '../prediction/dto/customer.dto.js';
import { ValidationPipe } from '../prediction/validation/validation.pipe.js';
import type { FileKind } from './file-format.js';
import { REFUSED, type RefusedRow } from './thread-protocol.js';

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

  private errorsOf(
    { row, probability, values }: RefusedRow,
    source: FileKind,
  ): readonly { readonly detail: string }[] {
    if (probability !== REFUSED) {
      return [{ detail: `The model gave ${probability} for it, which is no probability.` }];
    }
    const customer: Customer = Object.fromEntries(
      this.contract.features.map((feature, index) => [
        feature.name,
        valueOf(feature, values[index] ?? null, source),
      ]),
    );
    const { listed } = this.pipe.errorsOf(customer);
    if (listed.length === 0) {
      throw new Error(`Row ${row} was refused, but each of its values is accepted.`);
    }
    return listed;
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
