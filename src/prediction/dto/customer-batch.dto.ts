import { ApiSchema } from '@nestjs/swagger';
import type { Contract } from '../../bundle/contract.js';
import type { Customer } from '../../bundle/feature.js';
import type { DtoClass } from '../validation/dto-fields.js';
import { ObjectArrayField } from './field.decorators.js';

export const MAX_BATCH_CUSTOMERS = 100;

export interface CustomerBatch {
  readonly customers: readonly Customer[];
}

/** Makes the class of the batches of a contract. */
export function customerBatchDto({ examples }: Contract, customer: DtoClass): DtoClass {
  @ApiSchema({ name: 'CustomerBatch', description: 'Customers that are scored together.' })
  class CustomerBatchDto {
    @ObjectArrayField(customer, {
      description: 'The customers to score. The predictions come back in the same order.',
      minItems: 1,
      maxItems: MAX_BATCH_CUSTOMERS,
      example: examples.map((example) => example.customer),
    })
    readonly customers!: readonly Customer[];
  }
  return CustomerBatchDto;
}
