import { Controller, Get, Header, Optional } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblemResponses } from '../openapi/api-problem-responses.decorator.js';
import { ModelService } from '../model/model.service.js';
import { ShadowService } from '../shadow/shadow.service.js';
import { describeModel } from './describe-model.js';
import { ModelInfoDto } from './dto/model-info.dto.js';

@ApiTags('model')
@Controller('model')
export class ModelInfoController {
  constructor(
    private readonly model: ModelService,
    @Optional() private readonly shadow?: ShadowService,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'getModel',
    summary: 'Tell which model is served, and how it was proven',
    description:
      'What a manifest need not state (statistics, metrics, when the model was made) is absent if it does not.',
  })
  @ApiOkResponse({ description: 'The served model.', type: ModelInfoDto })
  @ApiProblemResponses({ instance: '/model', codes: ['internal_error', 'overloaded'] })
  describe(): ModelInfoDto {
    return describeModel(this.model.loaded, this.shadow?.description);
  }
}
