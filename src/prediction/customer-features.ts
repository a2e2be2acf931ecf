import type { FeatureMatrix } from '../model/feature-matrix.js';
import type { CustomerDto } from './dto/customer.dto.js';

/** The features that the API can give a model: the fields of a customer. */
export const CUSTOMER_FEATURES = [
  'tenure_months',
  'monthly_charges',
  'total_charges',
  'num_products',
  'has_support_calls',
] as const satisfies readonly (keyof CustomerDto)[];

/**
 * @param features names of customer fields in the order in which the model takes them
 * @returns one row for each customer, in their order
 */
export function encodeCustomers(
  customers: readonly CustomerDto[],
  features: readonly string[],
): FeatureMatrix {
  const names = features as readonly (keyof CustomerDto)[];
  const values = new Float64Array(customers.length * names.length);
  let position = 0;
  for (const customer of customers) {
    for (const name of names) {
      values[position++] = customer[name];
    }
  }
  return { rowCount: customers.length, columnCount: names.length, values };
}
