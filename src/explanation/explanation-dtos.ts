import type { ContractDtos } from '../prediction/contract-dtos.js';
import { customerBatchDto } from '../prediction/dto/customer-batch.dto.js';
import type { DtoClass } from '../prediction/validation/dto-fields.js';
import { ValidationPipe } from '../prediction/validation/validation.pipe.js';
import { explanationBatchDto, explanationDto, MAX_EXPLAINED_CUSTOMERS } from './dto/explanation.dto.js';

/** What the API says of explanations: the classes of their bodies and answers. */
export interface ExplanationDtos {
  readonly batch: DtoClass;
  readonly batchPipe: ValidationPipe;
  readonly explanation: DtoClass;
  readonly explanationBatch: DtoClass;
}

export function explanationDtos({ contract, customer, prediction }: ContractDtos): ExplanationDtos {
  const batch = customerBatchDto(contract, customer, {
    name: 'CustomersToExplain',
    description: 'Customers that are scored and explained together.',
    maxItems: MAX_EXPLAINED_CUSTOMERS,
  });
  const explanation = explanationDto(prediction);
  return {
    batch,
    batchPipe: new ValidationPipe(batch),
    explanation,
    explanationBatch: explanationBatchDto(explanation),
  };
}
