import { Body, Controller, Module, Param, Post } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { IsInt } from 'class-validator';
import { expect, it } from 'vitest';
import { BodyTypes } from './body-types.js';
import { ValidationPipe } from './validation.pipe.js';

class OrderDto {
  @IsInt()
  readonly count!: number;
}

class UncheckedDto {
  readonly count!: number;
}

@Controller('orders')
class OrdersController {
  @Post()
  order(@Body() order: OrderDto): OrderDto {
    return order;
  }

  @Post(':id')
  change(@Param('id') _id: string, @Body() order: UncheckedDto): UncheckedDto {
    return order;
  }
}

@Module({ imports: [DiscoveryModule], controllers: [OrdersController], providers: [BodyTypes] })
class OrdersModule {}

it('finds the bodies of all handlers, so that one without a constraint fails at the start', async () => {
  const app = await NestFactory.createApplicationContext(OrdersModule, { logger: false });
  const types = app.get(BodyTypes).find();
  expect(types).toEqual([OrderDto, UncheckedDto]);
  expect(() => new ValidationPipe(types)).toThrow('UncheckedDto has no field with a constraint');
  await app.close();
});
