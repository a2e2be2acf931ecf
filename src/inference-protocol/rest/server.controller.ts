import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { ApiProblemResponses } from '../../openapi/api-problem-responses.decorator.js';
import { ServerLiveDto, ServerMetadataDto, ServerReadyDto } from '../dto/server.dto.js';
import { Readiness } from '../readiness.js';
import { SERVER } from '../served-server.js';
import { sendJson } from './send-json.js';

/** What the protocol says of the server. */
@ApiTags('open inference protocol')
@Controller('v2')
export class ServerController {
  constructor(private readonly readiness: Readiness) {}

  @Get()
  @ApiOperation({ operationId: 'getServer', summary: 'Open Inference Protocol: tell what serves' })
  @ApiOkResponse({ description: 'The server and its extensions.', type: ServerMetadataDto, example: SERVER })
  @ApiProblemResponses({ instance: '/v2', codes: ['internal_error', 'overloaded'] })
  describe(@Res() response: Response): void {
    sendJson(response, 200, SERVER);
  }

  @Get('health/live')
  @ApiOperation({
    operationId: 'getServerLive',
    summary: 'Open Inference Protocol: the process answers, and no forward pass stalls',
  })
  @ApiOkResponse({ description: 'The server is alive.', type: ServerLiveDto, example: { live: true } })
  @ApiServiceUnavailableResponse({
    description: 'A forward pass does not end.',
    type: ServerLiveDto,
    example: { live: false, error: 'A forward pass does not end.' },
  })
  @ApiProblemResponses({ instance: '/v2/health/live', codes: ['internal_error'] })
  live(@Res() response: Response): void {
    if (this.readiness.isLive) {
      sendJson(response, 200, { live: true });
    } else {
      sendJson(response, 503, { live: false, error: 'A forward pass does not end.' });
    }
  }

  @Get('health/ready')
  @ApiOperation({
    operationId: 'getServerReady',
    summary: 'Open Inference Protocol: the model is proven and takes requests',
  })
  @ApiOkResponse({
    description: 'The model takes requests.',
    type: ServerReadyDto,
    example: { ready: true },
  })
  @ApiServiceUnavailableResponse({
    description: 'The model takes no requests.',
    type: ServerReadyDto,
    example: { ready: false, error: 'The model is draining.' },
  })
  @ApiProblemResponses({ instance: '/v2/health/ready', codes: ['internal_error'] })
  ready(@Res() response: Response): void {
    const { obstacle } = this.readiness;
    if (obstacle === undefined) {
      sendJson(response, 200, { ready: true });
    } else {
      sendJson(response, 503, { ready: false, error: obstacle });
    }
  }
}
