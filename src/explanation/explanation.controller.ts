import { Body, Controller, Header, HttpCode, Post, Query, type Type, UseGuards } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Customer } from '../bundle/feature.js';
import { tooLargeDetail } from '../http/requests/body-bytes.js';
import { annotateRequestLog } from '../http/requests/request-context.js';
import { ApiProblemResponses } from '../openapi/api-problem-responses.decorator.js';
import type { ContractDtos } from '../prediction/contract-dtos.js';
import type { CustomerBatch } from '../prediction/dto/customer-batch.dto.js';
import { PROBLEMS_OF_PREDICTION, TIMEOUT_HEADER } from '../prediction/prediction.controller.js';
import { type Explanation, type ExplanationBatch, MAX_EXPLAINED_CUSTOMERS } from './dto/explanation.dto.js';
import { explanationDtos } from './explanation-dtos.js';
import { ExplainableGuard } from './explainable.guard.js';
import { ExplanationService } from './explanation.service.js';
import { TopPipe } from './top.pipe.js';

/**
 * Makes the controller of a contract. Decorators are applied once, so they need the contract's classes before it.
 *
 * @param limitBytes of a body
 */
export function explanationController(contract: ContractDtos, limitBytes: number): Type {
  const dtos = explanationDtos(contract);
  const problems = (instance: string, errors: ContractDtos['exampleErrors']): MethodDecorator =>
    ApiProblemResponses({
      instance,
      codes: [...PROBLEMS_OF_PREDICTION, 'explanations_unavailable'],
      errors,
      details: { payload_too_large: tooLargeDetail(limitBytes) },
    });

  @ApiTags('explanations')
  @ApiHeader(TIMEOUT_HEADER)
  @UseGuards(ExplainableGuard)
  @Controller('predict/explain')
  class ExplanationController {
    constructor(private readonly explanations: ExplanationService) {}

    @Post()
    @HttpCode(200)
    @Header('Cache-Control', 'no-store')
    @ApiOperation({
      operationId: 'explain',
      summary: 'Score one customer, and say why',
      description:
        'Shapley values: how much the value of each feature adds to the probability, compared to the background rows of ' +
        'the bundle. Explanations are computed while no predictions are, and refused first under load.',
    })
    @ApiTop()
    @ApiBody({ type: contract.customer })
    @ApiOkResponse({ description: 'The score of the customer, and its reasons.', type: dtos.explanation })
    @problems('/predict/explain', contract.exampleErrors)
    async explain(
      @Body(contract.customerPipe) customer: Customer,
      @Query('top', TopPipe) top: number | undefined,
    ): Promise<Explanation | undefined> {
      const { explanations } = await this.explanations.explain([customer], top);
      annotate(explanations);
      return explanations[0];
    }

    @Post('batch')
    @HttpCode(200)
    @Header('Cache-Control', 'no-store')
    @ApiOperation({
      operationId: 'explainBatch',
      summary: `Score up to ${MAX_EXPLAINED_CUSTOMERS} customers, and say why`,
      description: 'One invalid customer refuses the whole batch; the errors name each one by its index.',
    })
    @ApiTop()
    @ApiBody({ type: dtos.batch })
    @ApiOkResponse({
      description: 'The scores and their reasons, in the order of the customers.',
      type: dtos.explanationBatch,
    })
    @problems('/predict/explain/batch', contract.exampleErrorsInBatch)
    async explainBatch(
      @Body(dtos.batchPipe) batch: CustomerBatch,
      @Query('top', TopPipe) top: number | undefined,
    ): Promise<ExplanationBatch> {
      const answer = await this.explanations.explain(batch.customers, top);
      annotate(answer.explanations);
      return answer;
    }
  }

  return ExplanationController;
}

function ApiTop(): MethodDecorator {
  return ApiQuery({
    name: 'top',
    required: false,
    description: 'How many contributions to list, the strongest first. The others are added up.',
    schema: { type: 'integer', minimum: 1, maximum: 9999, example: 3 },
  });
}

function annotate(explanations: readonly Explanation[]): void {
  annotateRequestLog({
    batch_size: explanations.length,
    model_version: explanations[0]?.model_version,
    model_evaluations: explanations.reduce((sum, { method }) => sum + method.model_evaluations, 0),
  });
}
