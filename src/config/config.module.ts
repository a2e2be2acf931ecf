import { type DynamicModule, Module } from '@nestjs/common';
import { Settings } from './settings.js';

/** Lets every room inject the `Settings` that the process was started with. */
@Module({})
export class ConfigModule {
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: Settings, useValue: settings }],
      exports: [Settings],
    };
  }
}
