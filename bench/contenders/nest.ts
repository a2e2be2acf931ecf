import 'reflect-metadata';
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

// Nest with its defaults and nothing in it.

/** The routes of the API, which do nothing. */
@Controller('predict')
class EchoController {
  @Post(['', 'batch'])
  @HttpCode(200)
  echo(@Body() body: unknown): unknown {
    return body;
  }
}

@Module({ controllers: [EchoController] })
class EmptyModule {}

const app = await NestFactory.create(EmptyModule, { logger: false });
await app.listen(Number(process.env['PORT']), '127.0.0.1');
