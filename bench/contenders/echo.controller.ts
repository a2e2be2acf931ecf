import { Body, Controller, HttpCode, Post } from '@nestjs/common';

/** The routes of the API, which do nothing. */
@Controller('predict')
export class EchoController {
  @Post()
  @HttpCode(200)
  predict(@Body() body: unknown): unknown {
    return body;
  }

  @Post('batch')
  @HttpCode(200)
  predictBatch(@Body() body: unknown): unknown {
    return body;
  }
}
