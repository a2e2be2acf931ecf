import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { DtoSchema } from '../prediction/validation/dto-schema.js';
import { ApiProblemResponses } from '../openapi/api-problem-responses.decorator.js';
import { ModelService } from '../model/model.service.js';
import { describeModel } from './describe-model.js';
import { ModelInfoDto } from './dto/model-info.dto.js';

/** Injects the schema of the customer. */
export const INPUT_SCHEMA = Symbol('INPUT_SCHEMA');

@ApiTags('model')
@Controller('model')
export class ModelInfoController {
  constructor(
    private readonly model: ModelService,
    @Inject(INPUT_SCHEMA) private readonly input: DtoSchema,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'getModel',
    summary: 'Tell which model is served, and how it was proven',
    description:
      'What only a manifest states (statistics, metrics, when the model was made) is absent if the model has none.',
  })
  @ApiOkResponse({ description: 'The served model.', type: ModelInfoDto })
  @ApiProblemResponses({ instance: '/model', codes: ['internal_error', 'overloaded'] })
  describe(): ModelInfoDto {
    return describeModel(this.model.loaded, this.input);
  }
}
