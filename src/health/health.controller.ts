import {
  Controller,
  Get,
  Header,
  HttpStatus,
  Res,
  ServiceUnavailableException,
  UseFilters,
} from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import {
  HealthCheckService,
  type HealthCheckResult,
  type HealthIndicatorFunction,
  HealthIndicatorService,
} from '@nestjs/terminus';
import type { Response } from 'express';
import { ConnectionLimit } from '../http/connections/connection-limit.js';
import { ApiProblemResponses } from '../openapi/api-problem-responses.decorator.js';
import { ModelHealthIndicator } from '../model/model.health.js';
import { ModelService } from '../model/model.service.js';
import { HealthCheckDto } from './dto/health-check.dto.js';
import { HealthDto } from './dto/health.dto.js';
import { TerminusFilter } from './terminus.filter.js';

@ApiTags('health')
@Controller('health')
@UseFilters(TerminusFilter)
export class HealthController {
  constructor(
    private readonly terminus: HealthCheckService,
    private readonly indicator: HealthIndicatorService,
    private readonly modelHealth: ModelHealthIndicator,
    private readonly model: ModelService,
    private readonly connectionLimit: ConnectionLimit,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'getHealth',
    summary: 'Tell whether the service predicts, and with which model',
  })
  @ApiOkResponse({ description: 'The model takes requests.', type: HealthDto })
  @ApiServiceUnavailableResponse({
    description: 'The model takes no requests.',
    type: HealthDto,
    example: { status: 'unhealthy', model_loaded: false, model_version: '1.0.0', uptime_seconds: 12.3 },
  })
  @ApiProblemResponses({ instance: '/health', codes: ['internal_error'] })
  health(@Res({ passthrough: true }) response: Response): HealthDto {
    const isReady = this.model.status === 'ready';
    response.status(isReady ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
    const { version, verification } = this.model.loaded;
    return {
      status: isReady ? 'healthy' : 'unhealthy',
      model_loaded: isReady,
      model_version: version,
      uptime_seconds: uptimeSeconds(),
      ...(verification === undefined && { model_verified: false }),
    };
  }

  @Get('live')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'getLiveness',
    summary: 'Liveness probe: the process answers, and no forward pass stalls',
    description: 'Kubernetes restarts a container whose liveness probe fails.',
  })
  @ApiOkResponse({
    description: 'The process is alive.',
    type: HealthCheckDto,
    example: {
      status: 'ok',
      info: { process: { status: 'up', uptime_seconds: 12.3 }, inference: { status: 'up' } },
      error: {},
      details: { process: { status: 'up', uptime_seconds: 12.3 }, inference: { status: 'up' } },
    },
  })
  @ApiServiceUnavailableResponse({
    description: 'A forward pass does not end.',
    type: HealthCheckDto,
    example: {
      status: 'error',
      info: { process: { status: 'up', uptime_seconds: 12.3 } },
      error: { inference: { status: 'down', reason: 'stalled' } },
      details: {
        process: { status: 'up', uptime_seconds: 12.3 },
        inference: { status: 'down', reason: 'stalled' },
      },
    },
  })
  @ApiProblemResponses({ instance: '/health/live', codes: ['internal_error'] })
  async live(): Promise<HealthCheckResult> {
    try {
      return await this.terminus.check([
        () => this.indicator.check('process').up({ uptime_seconds: uptimeSeconds() }),
        () => this.modelHealth.inference('inference'),
      ]);
    } catch (failure) {
      return aliveThoughShuttingDown(failure);
    }
  }

  @Get('ready')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'getReadiness',
    summary: 'Readiness probe: the model is proven and takes requests',
    description:
      'Kubernetes sends no traffic to a container whose readiness probe fails. It also fails while all MAX_CONNECTIONS are in use.',
  })
  @ApiOkResponse({ description: 'The model takes requests.', type: HealthCheckDto })
  @ApiServiceUnavailableResponse({
    description: 'The model takes no requests.',
    type: HealthCheckDto,
    example: {
      status: 'error',
      info: {},
      error: { model: { status: 'down', reason: 'draining' } },
      details: { model: { status: 'down', reason: 'draining' } },
    },
  })
  @ApiProblemResponses({ instance: '/health/ready', codes: ['internal_error'] })
  ready(): Promise<HealthCheckResult> {
    const checks: HealthIndicatorFunction[] = [() => this.modelHealth.readiness('model')];
    if (this.connectionLimit.isFull) {
      checks.push(() => this.indicator.check('connections').down({ reason: 'all_in_use' }));
    }
    return this.terminus.check(checks);
  }
}

/** Terminus fails every check of a process that shuts down, but one that finishes its work must not be killed for it. */
function aliveThoughShuttingDown(failure: unknown): HealthCheckResult {
  const result = failure instanceof ServiceUnavailableException ? failure.getResponse() : undefined;
  const { status, error = {} } = (result ?? {}) as Partial<HealthCheckResult>;
  if (status !== 'shutting_down' || Object.keys(error).length > 0) {
    throw failure;
  }
  return { ...(result as HealthCheckResult), status: 'ok' };
}

function uptimeSeconds(): number {
  return Math.round(process.uptime() * 10) / 10;
}
