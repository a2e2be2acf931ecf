import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { configureApp } from './app.setup.js';
import { type Log, openLog } from './common/log/logger.js';
import { loadSettings, SettingsError } from './config/load-settings.js';
import { listen } from './listen.js';
import { ModelLoadError } from './model/model.errors.js';
import { Shutdown } from './shutdown.js';

const shutdown = new Shutdown();
let log: Log | undefined;

/** One line for the operator, and the end. pino writes a fatal line before it returns. */
function fail(error: unknown): never {
  const isForOperator = error instanceof SettingsError || error instanceof ModelLoadError;
  // Settings that cannot be read leave it to us how the log looks.
  const { logger } = log ?? openLog({ logLevel: 'info', logFormat: 'auto' });
  logger.fatal(isForOperator ? {} : { err: error }, (error as Error).message);
  process.exit(1);
}

process.on('uncaughtException', fail);
try {
  const settings = loadSettings();
  log = openLog(settings);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(settings, log.logger), {
    abortOnError: false,
    bodyParser: false,
    bufferLogs: true,
  });
  configureApp(app);
  shutdown.closes(app, log);
  await app.init();
  const url = await listen(app.getHttpServer(), settings);
  log.logger.info({ url }, 'listening');
} catch (error) {
  fail(error);
}
