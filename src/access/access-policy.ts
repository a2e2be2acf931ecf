import { Inject, Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { METRICS_PATH, PROBE_PATHS } from '../http/requests/machine-paths.js';
import { ApiKeys } from './api-keys.js';

/** Injects the paths of the pages for people. */
export const PAGE_PATHS = Symbol('PAGE_PATHS');

/** Which paths need an API key, and which have a rate limit. */
@Injectable()
export class AccessPolicy {
  /** Every other path needs a key, so a route that is added later does too. */
  private readonly openPaths: readonly RegExp[];
  private readonly hasRateLimit: boolean;

  constructor(
    { docsAccess, metricsAccess, rateLimitRequests }: Settings,
    private readonly apiKeys: ApiKeys,
    @Inject(PAGE_PATHS) private readonly pagePaths: RegExp,
  ) {
    this.hasRateLimit = rateLimitRequests > 0;
    this.openPaths = [
      PROBE_PATHS,
      ...(docsAccess === 'open' ? [pagePaths] : []),
      ...(metricsAccess === 'open' ? [METRICS_PATH] : []),
    ];
  }

  needsKey(path: string): boolean {
    return this.apiKeys.areRequired && !this.isOpen(path);
  }

  isLimited(path: string): boolean {
    return this.hasRateLimit && !this.isOpen(path);
  }

  /** Whether a person asks by a browser, which may send the key as the password of Basic authentication. */
  isPage(path: string): boolean {
    return this.pagePaths.test(path);
  }

  private isOpen(path: string): boolean {
    return this.openPaths.some((pattern) => pattern.test(path));
  }
}
