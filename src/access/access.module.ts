import { type DynamicModule, Module } from '@nestjs/common';
import { AccessMiddleware } from './access.middleware.js';
import { AccessPolicy, PAGE_PATHS } from './access-policy.js';
import { ApiKeys } from './api-keys.js';

/** Decides who may call, and how often. */
@Module({})
export class AccessModule {
  /** @param pagePaths of the pages for people */
  static forRoot(apiKeys: ApiKeys, pagePaths: RegExp): DynamicModule {
    return {
      module: AccessModule,
      providers: [
        { provide: ApiKeys, useValue: apiKeys },
        { provide: PAGE_PATHS, useValue: pagePaths },
        AccessPolicy,
        AccessMiddleware,
      ],
    };
  }
}
