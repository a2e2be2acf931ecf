import { type DynamicModule, Module } from '@nestjs/common';
import { AccessMiddleware } from './access.middleware.js';
import { AccessPolicy, PAGE_PATHS } from './access-policy.js';
import { ApiKeys } from './api-keys.js';
import { CallAccess } from './call-access.js';
import { Settings } from '../config/settings.js';
import { WindowStore } from './window-store.js';

/** Decides who may call, and how often. */
@Module({})
export class AccessModule {
  /** @param pagePaths of the pages for people */
  static forRoot(apiKeys: ApiKeys, pagePaths: RegExp): DynamicModule {
    return {
      module: AccessModule,
      global: true,
      providers: [
        { provide: ApiKeys, useValue: apiKeys },
        { provide: PAGE_PATHS, useValue: pagePaths },
        {
          provide: WindowStore,
          inject: [Settings],
          useFactory: ({ rateLimitWindowMs }: Settings) => new WindowStore(rateLimitWindowMs),
        },
        AccessPolicy,
        AccessMiddleware,
        CallAccess,
      ],
      exports: [CallAccess],
    };
  }
}
