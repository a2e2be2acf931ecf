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
export function customerBatchDto(
  { examples }: Contract,
  customer: DtoClass,
  { name, description, maxItems }: { name: string; description: string; maxItems: number },
): DtoClass {
  @ApiSchema({ name, description })
  class CustomerBatchDto {
    @ObjectArrayField(customer, {
      description: 'The customers. The answers come back in the same order.',
      minItems: 1,
      maxItems,
      example: examples.map((example) => example.customer),
    })
    readonly customers!: readonly Customer[];
  }
  return CustomerBatchDto;
}
