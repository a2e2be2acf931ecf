import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EchoController } from './echo.controller.js';

/** Nest with its defaults and nothing in it. */
@Module({ controllers: [EchoController] })
class EmptyModule {}

const app = await NestFactory.create(EmptyModule, { logger: false });
await app.listen(Number(process.env['PORT']), '127.0.0.1');
