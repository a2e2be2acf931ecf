import { getMetadataStorage } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { CUSTOMER_FEATURES, encodeCustomers } from './customer-features.js';
import { CustomerDto } from './dto/customer.dto.js';

const A = {
  tenure_months: 6,
  monthly_charges: 79.99,
  total_charges: 479.94,
  num_products: 1,
  has_support_calls: 1,
};
const B = {
  tenure_months: 48,
  monthly_charges: 45,
  total_charges: 2160,
  num_products: 3,
  has_support_calls: 0,
};

describe('CUSTOMER_FEATURES', () => {
  it('are exactly the fields of the customer that the API validates', () => {
    const constraints = getMetadataStorage().getTargetValidationMetadatas(CustomerDto, '', false, false);
    expect(new Set(constraints.map(({ propertyName }) => propertyName))).toEqual(new Set(CUSTOMER_FEATURES));
  });
});

describe('encodeCustomers', () => {
  it('makes one row for each customer, in the order that the model wants', () => {
    expect(encodeCustomers([A, B], [...CUSTOMER_FEATURES].reverse())).toEqual({
      rowCount: 2,
      columnCount: 5,
      values: Float64Array.of(1, 1, 479.94, 79.99, 6, 0, 3, 2160, 45, 48),
    });
  });
});
