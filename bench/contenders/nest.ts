import 'reflect-metadata';
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

// Nest with its defaults and nothing in it; or, with the argument `logged`, nothing but the service's own request log.

/** The routes of the API, which do nothing. */
@Controller('predict')
class EchoController {
  @Post(['', 'batch'])
  @HttpCode(200)
  echo(@Body() body: unknown): unknown {
    return body;
  }
}

// The empty one's start must not have to load this.
const log = process.argv.includes('logged') ? await import('./request-log.js') : undefined;

@Module({ imports: log === undefined ? [] : [log.RequestLogModule], controllers: [EchoController] })
class EmptyModule {}

const app = await NestFactory.create(EmptyModule, { logger: false });
log?.addTo(app);
await app.listen(Number(process.env['PORT']), '127.0.0.1');
