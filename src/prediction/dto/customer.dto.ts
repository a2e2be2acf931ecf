import { ApiSchema } from '@nestjs/swagger';
import { IntegerField, NumberField } from './field.decorators.js';

/**
 * Greatest double that rounds to a finite float32 (IEEE 754-2019, 4.3.1: from half a unit above the greatest float32 on,
 * a value rounds to infinity). Models take float32.
 */
const MAX_FLOAT32 = (2 - 2 ** -24 - 2 ** -52) * 2 ** 127;

@ApiSchema({ name: 'Customer', description: 'What the model has to know of a customer.' })
export class CustomerDto {
  @IntegerField({ description: 'Months as a customer.', minimum: 0, maximum: 120, example: 6 })
  readonly tenure_months!: number;

  @NumberField({ description: 'Current monthly charge, in USD.', minimum: 0, maximum: 500, example: 79.99 })
  readonly monthly_charges!: number;

  @NumberField({
    description: 'Charged to date, in USD. The maximum is the greatest number that is finite as float32.',
    minimum: 0,
    maximum: MAX_FLOAT32,
    example: 479.94,
  })
  readonly total_charges!: number;

  @IntegerField({ description: 'Products subscribed to.', minimum: 1, maximum: 10, example: 1 })
  readonly num_products!: number;

  @IntegerField({
    description: 'Whether the customer called support in the last 30 days: 1 if so, else 0.',
    minimum: 0,
    maximum: 1,
    example: 1,
  })
  readonly has_support_calls!: number;
}
