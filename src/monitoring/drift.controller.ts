import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblemResponses } from '../openapi/api-problem-responses.decorator.js';
import { DriftService } from './drift.service.js';
import { DriftReportDto } from './dto/drift-report.dto.js';

@ApiTags('model')
@Controller('model/drift')
export class DriftController {
  constructor(private readonly drift: DriftService) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'getDrift',
    summary: 'Tell whether live customers are still such as those of the training',
    description:
      'Compares the features and scores of the last hour and the last day with those of the training, for all processes of this instance together.',
  })
  @ApiOkResponse({ description: 'The comparison.', type: DriftReportDto })
  @ApiProblemResponses({ instance: '/model/drift', codes: ['internal_error', 'overloaded'] })
  report(): Promise<DriftReportDto> {
    return this.drift.report();
  }
}
