/**
 * Every problem that the API answers with, by its stable code (RFC 9457). Titles are fixed. The `detail` says what
 * went wrong with one request. A test compares docs/errors.md to this table.
 */
export const PROBLEMS = {
  malformed_request: { status: 400, title: 'The request could not be read' },
  invalid_json: { status: 400, title: 'The body is not JSON' },
  invalid_csv: { status: 400, title: 'The body is not CSV with a header' },
  json_too_deep: { status: 400, title: 'The JSON body is nested too deeply' },
  unauthorized: { status: 401, title: 'A valid API key is needed' },
  not_found: { status: 404, title: 'Nothing is served at this path' },
  method_not_allowed: { status: 405, title: 'The path does not support this method' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  precondition_failed: { status: 412, title: 'The file is not in the state that the request wants' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body has an unsupported type, charset or encoding' },
  range_not_satisfiable: { status: 416, title: 'The file has no such range' },
  validation_failed: { status: 422, title: 'The body does not have the required fields and values' },
  rate_limited: { status: 429, title: 'Too many requests were sent' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  internal_error: { status: 500, title: 'The service failed to answer' },
  model_output_invalid: { status: 500, title: 'The model gave no valid probability' },
  explanations_unavailable: { status: 501, title: 'The served model cannot be explained' },
  overloaded: { status: 503, title: 'Too many requests wait for an answer' },
  model_not_ready: { status: 503, title: 'The model is not ready' },
  deadline_exceeded: { status: 504, title: 'The answer would have come too late' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** The codes of the entries of a problem's `errors`, one for each invalid value of a body. */
export const FIELD_ERROR_CODES = [
  'missing',
  'not_an_integer',
  'not_a_number',
  'not_a_boolean',
  'not_a_text',
  'not_an_array',
  'not_an_object',
  'too_small',
  'too_large',
  'too_long',
  'unknown_category',
  'too_few_items',
  'too_many_items',
  'invalid',
  'model_output_invalid',
] as const;

export type FieldErrorCode = (typeof FIELD_ERROR_CODES)[number];
