import { Controller, Header, Post, Query, Req, Res, type Type } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ApiProblemResponses } from '../openapi/api-problem-responses.decorator.js';
import { bulkExamples, type DocumentedBundle } from './bulk-examples.js';
import { CSV, NDJSON } from './bulk-format.js';
import { BulkService } from './bulk.service.js';

const DESCRIPTION = `
Takes a file of customers of any length, and answers a file of the same kind while it arrives: one row for each row, in their order.
CSV has a header, which names the columns in any order. Read the answer while you send the file.

A row that cannot be scored has \`errors\` in the place of its score, and the others go on. The last line says whether the answer
is complete, and counts rows and errors. In CSV it begins with \`# complete=\`. Both ways may be compressed with gzip.
`.trim();

/** Makes the controller of a contract, of which its documentation shows an example. */
export function bulkController(bundle: DocumentedBundle): Type {
  const examples = bulkExamples(bundle);

  @ApiTags('predictions')
  @Controller('predict/bulk')
  class BulkController {
    constructor(private readonly bulk: BulkService) {}

    @Post()
    @Header('Cache-Control', 'no-store')
    @ApiOperation({
      operationId: 'predictBulk',
      summary: 'Score a file of customers',
      description: DESCRIPTION,
    })
    @ApiConsumes(CSV.mediaType, NDJSON.mediaType)
    @ApiQuery({
      name: 'keep',
      required: false,
      description: 'Columns that are copied into the answer, separated by commas.',
      schema: { type: 'string' },
      example: 'customer_id',
    })
    @ApiBody({ description: 'The file.', schema: { type: 'string', example: examples.csv } })
    @ApiResponse({
      status: 200,
      description: 'The scores, and a last line that says whether they are complete.',
      content: {
        [CSV.mediaType]: { schema: { type: 'string' }, example: examples.csvAnswer },
        [NDJSON.mediaType]: { schema: { type: 'string' }, example: examples.ndjsonAnswer },
      },
    })
    @ApiProblemResponses({
      instance: '/predict/bulk',
      codes: [
        'malformed_request',
        'invalid_csv',
        'invalid_json',
        'request_timeout',
        'unsupported_media_type',
        'validation_failed',
        'internal_error',
        'model_not_ready',
        'overloaded',
      ],
      errors: examples.missingColumn,
      details: {
        unsupported_media_type: 'The content type is "text/plain"; send text/csv or application/x-ndjson.',
        validation_failed: '1 column is missing in the header.',
      },
    })
    async predictBulk(
      @Req() request: Request,
      @Res() response: Response,
      @Query('keep') keep: unknown,
    ): Promise<void> {
      await this.bulk.score(request, response, keep);
    }
  }

  return BulkController;
}
