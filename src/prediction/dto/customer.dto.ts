import { ApiSchema } from '@nestjs/swagger';
import type { Contract } from '../../bundle/contract.js';
import type { DtoClass } from '../validation/dto-fields.js';
import { FeatureField } from './field.decorators.js';

/** Makes the class of the customers of a contract: one field for each feature. */
export function customerDto({ features, examples: [example] }: Contract): DtoClass {
  @ApiSchema({ name: 'Customer', description: 'What the model has to know of a customer.' })
  class CustomerDto {}
  for (const feature of features) {
    FeatureField(feature, example?.customer[feature.name])(CustomerDto.prototype, feature.name);
  }
  return CustomerDto;
}
