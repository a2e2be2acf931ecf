import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { type ProblemBody, problemBody } from '../http/problems/problem-body.js';
import { type ProblemCode, PROBLEMS } from '../http/problems/problem-catalogue.js';
import type { FieldError } from '../http/problems/problem.exception.js';
import { isProtocolPath, type ProtocolError, protocolStatus } from '../http/problems/protocol-error.js';
import { tooLargeDetail } from '../http/requests/body-bytes.js';
import { ProblemDto } from './problem.dto.js';
import { ProtocolErrorDto } from './protocol-error.dto.js';

/** Of the problems that operations answer with; the others come of no operation. */
const EXAMPLE_DETAILS = {
  malformed_request: 'request size did not match content length',
  invalid_json: "Expected ',' or '}' after property value in JSON at position 25",
  invalid_csv: 'The header is one column, "customer_id;name": separate columns by commas, not by ";".',
  request_timeout: 'The rest of the body did not arrive in time, or is none.',
  json_too_deep: 'Arrays and objects may be nested 32 levels deep at most.',
  unauthorized: 'The API key is not known.',
  not_found: 'The model "loyalty" is not served here; "churn_model" is.',
  payload_too_large: tooLargeDetail(131_072),
  unsupported_media_type: 'The content type is "text/plain"; send application/json.',
  validation_failed: '1 value is missing or invalid.',
  rate_limited: '600 requests in 60 s may be sent; try again in 42 s.',
  internal_error: 'The failure is logged under the request id.',
  model_output_invalid: 'The model gave no valid probability for this request.',
  explanations_unavailable: 'The bundle of the model has no background rows to explain it against.',
  model_not_ready: 'The model takes no requests now; try again.',
  overloaded: 'More requests wait than can be answered in time; try again in 2 s.',
  deadline_exceeded: 'The prediction was not ready in time.',
} satisfies Partial<Record<ProblemCode, string>>;

export type DocumentedProblem = keyof typeof EXAMPLE_DETAILS;

const RETRY_AFTER = {
  'Retry-After': {
    description: 'With `overloaded`: seconds after which to try again.',
    schema: { type: 'integer', minimum: 1, example: 2 },
  },
} as const;

interface ProblemResponsesOptions {
  /** Path of the operation. */
  readonly instance: string;
  readonly codes: readonly DocumentedProblem[];
  /** Of the body in the example of an invalid one. */
  readonly errors?: readonly FieldError[];
  /** Details in the place of the usual examples. */
  readonly details?: Partial<Record<DocumentedProblem, string>>;
}

interface ProblemResponse {
  readonly description: string;
  readonly content: Record<string, { schema: { $ref: string }; examples: Record<string, object> }>;
}

/** Documents the problems that an operation can answer with. */
export function ApiProblemResponses(options: ProblemResponsesOptions): MethodDecorator {
  const responses = Object.entries(problemResponses(options)).map(([status, response]) =>
    ApiResponse({ status: Number(status), ...response }),
  );
  return applyDecorators(ApiExtraModels(ProblemDto, ProtocolErrorDto), ...responses);
}

/** One response a status, with one example a code. The schemas of problems have to be among the document's. */
export function problemResponses(options: ProblemResponsesOptions): Record<string, ProblemResponse> {
  const isProtocol = isProtocolPath(options.instance);
  const byStatus = Map.groupBy(options.codes, (code) =>
    isProtocol ? protocolStatus(code) : PROBLEMS[code].status,
  );
  const responses = Array.from(byStatus, ([status, codes]) => [
    status,
    {
      description: codes.map((code) => `${PROBLEMS[code].title} (${code}).`).join(' '),
      ...(codes.includes('overloaded') && { headers: RETRY_AFTER }),
      content: {
        [isProtocol ? 'application/json' : 'application/problem+json']: {
          schema: { $ref: getSchemaPath(isProtocol ? ProtocolErrorDto : ProblemDto) },
          examples: Object.fromEntries(
            codes.map((code) => [code, { summary: PROBLEMS[code].title, value: exampleOf(code, options) }]),
          ),
        },
      },
    },
  ]);
  return Object.fromEntries(responses) as Record<string, ProblemResponse>;
}

function exampleOf(
  code: DocumentedProblem,
  { instance, errors, details }: ProblemResponsesOptions,
): ProblemBody | ProtocolError {
  const detail = details?.[code] ?? EXAMPLE_DETAILS[code];
  if (isProtocolPath(instance)) {
    return { error: detail };
  }
  return problemBody({
    code,
    detail,
    instance,
    requestId: '0b6e3c4e-7d0f-4a3c-9a53-2f1d8f6f1c55',
    errors: code === 'validation_failed' ? errors : undefined,
  });
}
