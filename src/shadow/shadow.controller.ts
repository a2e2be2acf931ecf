import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { MetricsReport } from '../metrics/metrics-report.js';
import { Samples } from '../metrics/samples.js';
import { ApiProblemResponses } from '../openapi/api-problem-responses.decorator.js';
import { agreementOf } from './agreement.js';
import { ShadowAgreementDto } from './dto/shadow-agreement.dto.js';
import { ShadowService } from './shadow.service.js';

@ApiTags('model')
@Controller('model/shadow')
export class ShadowController {
  constructor(
    private readonly shadow: ShadowService,
    private readonly report: MetricsReport,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'getShadow',
    summary: 'Tell how the candidate agrees with the served model',
    description:
      'Counted since the start of the service, over all workers. The path is there only with SHADOW_MODEL_PATH.',
  })
  @ApiOkResponse({ description: 'The candidate, and how it agrees.', type: ShadowAgreementDto })
  @ApiProblemResponses({ instance: '/model/shadow', codes: ['internal_error', 'overloaded'] })
  async agreement(): Promise<ShadowAgreementDto> {
    return { candidate: this.shadow.description, ...agreementOf(new Samples(await this.report.text())) };
  }
}
