import { applyDecorators, Controller, HttpCode, Param, Post, Req, Res, type Type } from '@nestjs/common';
import {
  ApiBody,
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Contract } from '../../bundle/contract.js';
import { tooLargeDetail } from '../../http/requests/body-bytes.js';
import { JSON_LENGTH_HEADER } from '../../http/requests/json-length.js';
import { freeBytes } from '../../model/free-bytes.js';
import { ApiProblemResponses } from '../../openapi/api-problem-responses.decorator.js';
import { PROBLEMS_OF_PREDICTION, TIMEOUT_HEADER } from '../../prediction/prediction.controller.js';
import { exampleAnswer, exampleRequest } from '../dto/examples.js';
import { InferAnswerDto, InferRequestDto } from '../dto/infer.dto.js';
import { InferenceService } from '../inference.service.js';
import { type ModelMetadata, requireServed } from '../served-model.js';
import { inferAnswer } from './infer-answer.js';
import { readInferRequest } from './infer-request.js';
import { ApiModel, ApiVersion } from './model.controller.js';

const DESCRIPTION =
  'One tensor for each feature, or all numbers in one of the shape [rows, features]. Tensors may come and go as binary data ' +
  `behind the JSON, whose length is then in ${JSON_LENGTH_HEADER}. One invalid row refuses the whole request; the error names ` +
  'rows, counted from 0, and features. churn_probability is not rounded.';

export interface InferDocs {
  readonly contract: Contract;
  /** Of a body. */
  readonly limitBytes: number;
}

/** Makes the controller that infers by a model. */
export function inferController(served: ModelMetadata, docs: InferDocs): Type {
  const { features } = docs.contract;

  @ApiTags('open inference protocol')
  @ApiHeader(TIMEOUT_HEADER)
  @ApiExtraModels(InferAnswerDto)
  @Controller('v2/models/:name')
  class InferController {
    constructor(private readonly inference: InferenceService) {}

    @Post('infer')
    @HttpCode(200)
    @ApiModel(served)
    @ApiInference('infer', '/v2/models/{name}/infer', 'the model', served, docs)
    async infer(
      @Param('name') name: string,
      @Req() request: Request,
      @Res() response: Response,
    ): Promise<void> {
      await this.answer({ name, version: undefined }, request, response);
    }

    @Post('versions/:version/infer')
    @HttpCode(200)
    @ApiModel(served)
    @ApiVersion(served)
    @ApiInference(
      'inferByVersion',
      '/v2/models/{name}/versions/{version}/infer',
      'a version of the model',
      served,
      docs,
    )
    async inferByVersion(
      @Param('name') name: string,
      @Param('version') version: string,
      @Req() request: Request,
      @Res() response: Response,
    ): Promise<void> {
      await this.answer({ name, version }, request, response);
    }

    private async answer(
      { name, version }: { name: string; version: string | undefined },
      request: Request,
      response: Response,
    ): Promise<void> {
      requireServed(served, name, version);
      const read: unknown = request.body;
      const bytes = Buffer.isBuffer(read) ? read : Buffer.alloc(0);
      const asked = readInferRequest(bytes, request.get(JSON_LENGTH_HEADER), features);
      freeBytes(bytes);
      const outputs = await this.inference.infer(
        asked.inputs,
        asked.outputs.map((output) => output.name),
      );
      const { headers, parts } = inferAnswer(asked, outputs, served);
      if (JSON_LENGTH_HEADER in headers) {
        // A page of another origin cannot find the binary data without it.
        response.appendHeader('Access-Control-Expose-Headers', JSON_LENGTH_HEADER);
      }
      response.writeHead(200, { ...headers, 'Cache-Control': 'no-store' });
      response.cork();
      for (const part of parts) {
        response.write(part);
      }
      response.end();
    }
  }

  return InferController;
}

function ApiInference(
  operationId: string,
  instance: string,
  ofWhat: string,
  served: ModelMetadata,
  { contract, limitBytes }: InferDocs,
): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId,
      summary: `Open Inference Protocol: score rows by ${ofWhat}`,
      description: DESCRIPTION,
    }),
    ApiBody({
      type: InferRequestDto,
      examples: {
        customers: { summary: 'One tensor for each feature', value: exampleRequest(contract) },
      },
    }),
    ApiResponse({
      status: 200,
      description: 'The outputs that were asked for, or churn_probability, churn_prediction and risk_tier.',
      content: {
        'application/json': {
          schema: { $ref: getSchemaPath(InferAnswerDto) },
          example: exampleAnswer(served),
        },
        'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
      },
    }),
    ApiProblemResponses({
      instance,
      codes: [...PROBLEMS_OF_PREDICTION, 'not_found'],
      details: { payload_too_large: tooLargeDetail(limitBytes) },
    }),
  );
}
