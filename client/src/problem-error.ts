import type { components } from './api.js';

type Problem = components['schemas']['Problem'];
export type FieldError = components['schemas']['FieldError'];

/** The service refused a request, or failed. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  private constructor(
    message: string,
    /** Of HTTP. */
    readonly status: number,
    /** The kind of problem; absent if the answer is not the service's, but that of a proxy before it. */
    readonly code: Problem['code'] | undefined,
    /** The values that are missing or invalid, at most 100. */
    readonly errors: readonly FieldError[],
    /** Names the request in the service's log. */
    readonly requestId: string | undefined,
  ) {
    super(message);
  }

  /** @param body that was parsed, if it is JSON */
  static of({ status, statusText, headers }: Response, body: unknown): ProblemError {
    const { code, detail, errors = [] } = (typeof body === 'object' ? (body ?? {}) : {}) as Partial<Problem>;
    const message = detail ?? `The answer is ${status} ${statusText}`.trim();
    return new ProblemError(message, status, code, errors, headers.get('X-Request-Id') ?? undefined);
  }

  /** The same of a list that begins with other customers. */
  inList(customersBefore: number): ProblemError {
    const errors = this.errors.map((error) => ({
      ...error,
      pointer: error.pointer.replace(
        /^\/customers\/(\d+)/,
        (_, index: string) => `/customers/${Number(index) + customersBefore}`,
      ),
    }));
    return new ProblemError(this.message, this.status, this.code, errors, this.requestId);
  }
}
