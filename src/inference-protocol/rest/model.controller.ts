import { applyDecorators, Controller, Get, Param, Res, type Type } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { ModelService } from '../../model/model.service.js';
import {
  ApiProblemResponses,
  type DocumentedProblem,
} from '../../openapi/api-problem-responses.decorator.js';
import { ModelMetadataDto, ModelReadyDto } from '../dto/model.dto.js';
import { type ModelMetadata, requireServed } from '../served-model.js';
import { sendJson } from './send-json.js';

const PROBLEMS: readonly DocumentedProblem[] = [
  'malformed_request',
  'not_found',
  'internal_error',
  'overloaded',
];

/** Makes the controller that says what the protocol says of a model. */
export function modelController(served: ModelMetadata): Type {
  @ApiTags('open inference protocol')
  @Controller('v2/models/:name')
  class ModelController {
    constructor(private readonly model: ModelService) {}

    @Get()
    @ApiModel(served)
    @ApiMetadata('getModelMetadata', '/v2/models/{name}', served)
    describe(@Param('name') name: string, @Res() response: Response): void {
      requireServed(served, name, undefined);
      sendJson(response, 200, served);
    }

    @Get('versions/:version')
    @ApiModel(served)
    @ApiVersion(served)
    @ApiMetadata('getModelMetadataOfVersion', '/v2/models/{name}/versions/{version}', served)
    describeVersion(
      @Param('name') name: string,
      @Param('version') version: string,
      @Res() response: Response,
    ): void {
      requireServed(served, name, version);
      sendJson(response, 200, served);
    }

    @Get('ready')
    @ApiModel(served)
    @ApiReadiness('getModelReady', '/v2/models/{name}/ready', served)
    ready(@Param('name') name: string, @Res() response: Response): void {
      this.sendReadiness(name, undefined, response);
    }

    @Get('versions/:version/ready')
    @ApiModel(served)
    @ApiVersion(served)
    @ApiReadiness('getModelReadyOfVersion', '/v2/models/{name}/versions/{version}/ready', served)
    readyOfVersion(
      @Param('name') name: string,
      @Param('version') version: string,
      @Res() response: Response,
    ): void {
      this.sendReadiness(name, version, response);
    }

    private sendReadiness(name: string, version: string | undefined, response: Response): void {
      requireServed(served, name, version);
      const { status } = this.model;
      if (status === 'ready') {
        sendJson(response, 200, { name, ready: true });
      } else {
        sendJson(response, 503, { name, ready: false, error: `The model is ${status}.` });
      }
    }
  }

  return ModelController;
}

export function ApiModel({ name }: ModelMetadata): MethodDecorator {
  return ApiParam({
    name: 'name',
    description: 'The name of the served model.',
    schema: { type: 'string', enum: [name] },
    example: name,
  });
}

export function ApiVersion({ versions }: ModelMetadata): MethodDecorator {
  return ApiParam({
    name: 'version',
    description: 'The version of the served model.',
    schema: { type: 'string', enum: [...versions] },
    example: versions[0],
  });
}

function ApiMetadata(operationId: string, instance: string, served: ModelMetadata): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId,
      summary: `Open Inference Protocol: tell the inputs and outputs of ${ofWhat(instance)}`,
      description: 'A shape of -1 is the number of rows. Inputs may have the shape [rows] or [rows, 1].',
    }),
    ApiOkResponse({ description: 'The model.', type: ModelMetadataDto, example: served }),
    ApiProblemResponses({ instance, codes: PROBLEMS }),
  );
}

function ApiReadiness(operationId: string, instance: string, { name }: ModelMetadata): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId,
      summary: `Open Inference Protocol: tell whether ${ofWhat(instance)} takes requests`,
    }),
    ApiOkResponse({
      description: 'The model takes requests.',
      type: ModelReadyDto,
      example: { name, ready: true },
    }),
    ApiProblemResponses({ instance, codes: PROBLEMS.filter((code) => code !== 'overloaded') }),
    ApiServiceUnavailableResponse({
      description: 'The model takes no requests, or too many requests wait for an answer.',
      type: ModelReadyDto,
      example: { name, ready: false, error: 'The model is draining.' },
    }),
  );
}

function ofWhat(instance: string): string {
  return instance.includes('versions') ? 'a version of the model' : 'the model';
}
