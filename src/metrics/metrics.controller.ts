import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Registry } from 'prom-client';
import { ApiProblemResponses } from '../openapi/api-problem-responses.decorator.js';
import { MetricsReport } from './metrics-report.js';

@ApiTags('metrics')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly report: MetricsReport) {}

  @Get()
  @Header('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'getMetrics',
    summary: 'Metrics for Prometheus',
    description: "All processes of the service together, in Prometheus' text format.",
  })
  @ApiProduces('text/plain')
  @ApiOkResponse({
    description: 'The metrics.',
    content: {
      'text/plain': {
        schema: { type: 'string' },
        example:
          '# HELP model_ready Processes whose model takes requests.\n# TYPE model_ready gauge\nmodel_ready 1\n',
      },
    },
  })
  @ApiProblemResponses({ instance: '/metrics', codes: ['internal_error'] })
  metrics(): Promise<string> {
    return this.report.text();
  }
}
