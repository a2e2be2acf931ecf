import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { FrameworkLogger } from './framework-logger.js';

/** The one logger of the process, for every room and for Nest itself. */
@Module({})
export class LogModule {
  static forRoot(logger: Logger): DynamicModule {
    return {
      module: LogModule,
      // Without routes its middleware stays out: RequestLog writes the one line of each request.
      imports: [LoggerModule.forRoot({ pinoHttp: { logger }, forRoutes: [] })],
      providers: [FrameworkLogger],
    };
  }
}
