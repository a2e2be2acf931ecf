import type { Contract } from '../bundle/contract.js';
import { type Feature, type FeatureValue, isAccepted } from '../bundle/feature.js';
import type { Thresholds } from '../bundle/manifest.js';
import type { FieldError } from '../http/problems/problem.exception.js';
import { BatchPipe } from './validation/batch.pipe.js';
import { batchPredictionDto } from './dto/batch-prediction.dto.js';
import { customerBatchDto, MAX_BATCH_CUSTOMERS } from './dto/customer-batch.dto.js';
import { customerDto } from './dto/customer.dto.js';
import { predictionDto } from './dto/prediction.dto.js';
import { toPrediction } from './to-prediction.js';
import type { DtoClass } from './validation/dto-fields.js';
import { ValidationPipe } from './validation/validation.pipe.js';

/** All that the API says of a contract: the classes of its bodies and answers, and how it refuses a value. */
export interface ContractDtos {
  readonly contract: Contract;
  readonly customer: DtoClass;
  readonly batch: DtoClass;
  readonly prediction: DtoClass;
  readonly batchPrediction: DtoClass;
  readonly customerPipe: ValidationPipe;
  readonly batchPipe: ValidationPipe;
  /** How the documented customer is refused with one value that is not accepted. */
  readonly exampleErrors: readonly FieldError[];
  /** The same for the second customer of a batch. */
  readonly exampleErrorsInBatch: readonly FieldError[];
}

export interface DocumentedModel {
  readonly contract: Contract;
  readonly thresholds: Thresholds;
  readonly version: string;
}

export function contractDtos(model: DocumentedModel): ContractDtos {
  const { contract } = model;
  const predictions = contract.examples.map(({ probability }) =>
    probability === undefined ? undefined : toPrediction(probability, model),
  );
  const known = predictions.filter((prediction) => prediction !== undefined);
  const customer = customerDto(contract);
  const batch = customerBatchDto(contract, customer, {
    name: 'CustomerBatch',
    description: 'Customers that are scored together.',
    maxItems: MAX_BATCH_CUSTOMERS,
  });
  const prediction = predictionDto(predictions[0]);
  const customerPipe = new ValidationPipe(customer);
  const errors = exampleErrors(contract, customerPipe);
  return {
    contract,
    customer,
    batch,
    prediction,
    batchPrediction: batchPredictionDto(prediction, known.length === predictions.length ? known : []),
    customerPipe,
    batchPipe: new BatchPipe(batch),
    exampleErrors: errors,
    exampleErrorsInBatch: errors.map((error) => ({ ...error, pointer: `/customers/1${error.pointer}` })),
  };
}

/** A value that each type of feature may refuse, the likely mistakes first. */
const BAD_VALUES: readonly FeatureValue[] = [999, -1, 'unknown'];

function exampleErrors({ features, examples }: Contract, pipe: ValidationPipe): readonly FieldError[] {
  const [feature] = features;
  const value = BAD_VALUES.find(
    (bad) => feature !== undefined && isOfItsType(feature, bad) && !isAccepted(feature, bad),
  );
  const customer = {
    ...examples[0]?.customer,
    ...(feature !== undefined && { [feature.name]: value ?? {} }),
  };
  return pipe.errorsOf(customer).listed;
}

function isOfItsType({ type }: Feature, value: FeatureValue): boolean {
  return type === 'category' ? typeof value === 'string' : type !== 'boolean' && typeof value === 'number';
}
