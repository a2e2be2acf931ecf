import { Body, Controller, Header, HttpCode, Post, type Type } from '@nestjs/common';
import {
  ApiBody,
  ApiHeader,
  type ApiHeaderOptions,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Customer } from '../bundle/feature.js';
import type { JsonText } from '../http/json-text.js';
import { ApiProblemResponses, type DocumentedProblem } from '../openapi/api-problem-responses.decorator.js';
import { tooLargeDetail } from '../http/requests/body-bytes.js';
import type { AcceptedBatch } from './validation/batch-reader.js';
import type { ContractDtos } from './contract-dtos.js';
import type { CustomerBatch } from './dto/customer-batch.dto.js';
import type { Prediction } from './dto/prediction.dto.js';
import { PredictionService } from './prediction.service.js';
import { REQUEST_TIMEOUT_HEADER } from '../http/requests/request-budget.js';

export const PREDICT_PATH = 'predict';
/** Below PREDICT_PATH. */
export const BATCH_PATH = 'batch';

export const PROBLEMS_OF_PREDICTION: readonly DocumentedProblem[] = [
  'malformed_request',
  'invalid_json',
  'json_too_deep',
  'request_timeout',
  'payload_too_large',
  'unsupported_media_type',
  'validation_failed',
  'internal_error',
  'model_output_invalid',
  'model_not_ready',
  'overloaded',
  'deadline_exceeded',
];

export const TIMEOUT_HEADER: ApiHeaderOptions = {
  name: REQUEST_TIMEOUT_HEADER,
  required: false,
  description:
    'How long the caller will wait for the answer, in milliseconds; no longer than the service allows.',
  schema: { type: 'integer', minimum: 1, maximum: 999_999_999, example: 2000 },
};

/**
 * Makes the controller of a contract. Decorators are applied once, so they need the contract's classes before it.
 *
 * @param limitBytes of a body
 */
export function predictionController(dtos: ContractDtos, limitBytes: number): Type {
  const details = { payload_too_large: tooLargeDetail(limitBytes) };

  @ApiTags('predictions')
  @ApiHeader(TIMEOUT_HEADER)
  @Controller(PREDICT_PATH)
  class PredictionController {
    constructor(private readonly predictions: PredictionService) {}

    @Post()
    @HttpCode(200)
    @Header('Cache-Control', 'no-store')
    @ApiOperation({
      operationId: 'predict',
      summary: 'Score one customer',
      description: 'Fields that the schema does not name are ignored.',
    })
    @ApiBody({ type: dtos.customer })
    @ApiOkResponse({ description: 'The score of the customer.', type: dtos.prediction })
    @ApiProblemResponses({
      instance: `/${PREDICT_PATH}`,
      codes: PROBLEMS_OF_PREDICTION,
      errors: dtos.exampleErrors,
      details,
    })
    async predict(@Body(dtos.customerPipe) customer: Customer): Promise<Prediction> {
      return this.predictions.predict(customer);
    }

    @Post(BATCH_PATH)
    @HttpCode(200)
    @Header('Cache-Control', 'no-store')
    @ApiOperation({
      operationId: 'predictBatch',
      summary: 'Score up to 100 customers in one forward pass',
      description: 'One invalid customer refuses the whole batch; the errors name each one by its index.',
    })
    @ApiBody({ type: dtos.batch })
    @ApiOkResponse({ description: 'The scores, in the order of the customers.', type: dtos.batchPrediction })
    @ApiProblemResponses({
      instance: `/${PREDICT_PATH}/${BATCH_PATH}`,
      codes: PROBLEMS_OF_PREDICTION,
      errors: dtos.exampleErrorsInBatch,
      details,
    })
    async predictBatch(@Body(dtos.batchPipe) batch: CustomerBatch | AcceptedBatch): Promise<JsonText> {
      return this.predictions.predictBatch(batch);
    }
  }

  return PredictionController;
}
