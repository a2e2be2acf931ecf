import { Injectable } from '@nestjs/common';
import { Logger } from 'nestjs-pino';

/** Nest's messages, with its account of modules and routes at start-up moved from INFO to DEBUG. */
@Injectable()
export class FrameworkLogger extends Logger {
  override log(message: unknown, ...optionalParams: unknown[]): void {
    this.debug(message, ...optionalParams);
  }
}
