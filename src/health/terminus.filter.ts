import { type ArgumentsHost, Catch, type ExceptionFilter, ServiceUnavailableException } from '@nestjs/common';
import type { Response } from 'express';

/** Answers a failed check with Terminus's own body, which probes and their operators know, not with a problem. */
@Catch(ServiceUnavailableException)
export class TerminusFilter implements ExceptionFilter {
  catch(failure: ServiceUnavailableException, host: ArgumentsHost): void {
    host.switchToHttp().getResponse<Response>().status(failure.getStatus()).json(failure.getResponse());
  }
}
