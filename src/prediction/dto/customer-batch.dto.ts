import { ApiSchema } from '@nestjs/swagger';
import { CustomerDto } from './customer.dto.js';
import { ObjectArrayField } from './field.decorators.js';

export const MAX_BATCH_CUSTOMERS = 100;

@ApiSchema({ name: 'CustomerBatch', description: 'Customers that are scored together.' })
export class CustomerBatchDto {
  @ObjectArrayField(CustomerDto, {
    description: 'The customers to score. The predictions come back in the same order.',
    minItems: 1,
    maxItems: MAX_BATCH_CUSTOMERS,
    example: [
      {
        tenure_months: 6,
        monthly_charges: 79.99,
        total_charges: 479.94,
        num_products: 1,
        has_support_calls: 1,
      },
      {
        tenure_months: 48,
        monthly_charges: 45,
        total_charges: 2160,
        num_products: 3,
        has_support_calls: 0,
      },
    ],
  })
  readonly customers!: CustomerDto[];
}
