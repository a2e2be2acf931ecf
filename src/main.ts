import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { configureApp } from './app.setup.js';
import { createLogger } from './common/logger.js';
import { loadSettings, SettingsError } from './config/load-settings.js';
import type { Settings } from './config/settings.js';
import { ModelLoadError } from './model/model.errors.js';

let logger = createLogger({ logLevel: 'info', logFormat: 'auto' });

/** One line for the operator, and the end. pino writes a fatal line before it returns. */
function fail(error: unknown): never {
  const isForOperator = error instanceof SettingsError || error instanceof ModelLoadError;
  logger.fatal(isForOperator ? {} : { err: error }, (error as Error).message);
  process.exit(1);
}

async function start(settings: Settings): Promise<void> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(settings, logger), {
    abortOnError: false,
    bodyParser: false,
    bufferLogs: true,
  });
  configureApp(app);
  await app.init();
  const { host, port } = settings;
  await app.listen(port, host).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'the address is in use' : message;
    throw new SettingsError(`Cannot listen on ${host}:${port}: ${reason}. Set PORT or HOST.`);
  });
  logger.info({ url: await app.getUrl() }, 'listening');
}

process.on('uncaughtException', fail);
try {
  const settings = loadSettings();
  logger = createLogger(settings);
  await start(settings);
} catch (error) {
  fail(error);
}
