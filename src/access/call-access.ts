import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import proxyAddr from 'proxy-addr';
import { Settings } from '../config/settings.js';
import { ProblemException } from '../http/problems/problem.exception.js';
import { annotateRequestLog } from '../http/requests/request-context.js';
import { AccessPolicy } from './access-policy.js';
import { ApiKeys } from './api-keys.js';
import { authenticate } from './authenticate.js';
import { callerOf } from './caller.js';
import type { Peer } from './client-address.js';
import { tooManyRequests } from './rate-limit.js';
import { trustedProxies } from './trusted-proxies.js';
import { WindowStore } from './window-store.js';

/** A call that comes another way than through Express. */
export interface Call {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Of the connection. */
  readonly remoteAddress: string | undefined;
  /** Whether it reads what docs are made of, for which DOCS_ACCESS decides. */
  readonly isDocs: boolean;
}

/** Decides on calls as the middleware does on requests, and counts both together. */
@Injectable()
export class CallAccess {
  private readonly isTrusted: (address: string) => boolean;

  constructor(
    private readonly policy: AccessPolicy,
    private readonly apiKeys: ApiKeys,
    private readonly windows: WindowStore,
    private readonly settings: Settings,
  ) {
    this.isTrusted = trustedProxies(settings);
  }

  /** @throws {ProblemException} if the call has no valid key but needs one, or its caller has sent too many */
  require(call: Call): void {
    const isOpen = call.isDocs && this.settings.docsAccess === 'open';
    const name =
      this.policy.needsKey(call.path) && !isOpen
        ? authenticate(this.apiKeys, call.headers, false)
        : undefined;
    if (typeof name === 'string') {
      annotateRequestLog({ api_key: name });
    }
    if (this.policy.isLimited(call.path) && !isOpen) {
      this.count(callerOf(typeof name === 'string' ? name : undefined, this.peerOf(call)));
    }
    if (name instanceof ProblemException) {
      throw name;
    }
  }

  private count(caller: string): void {
    const { rateLimitRequests: limit, rateLimitWindowMs: windowMs } = this.settings;
    const { totalHits, remainingMs } = this.windows.count(caller);
    if (totalHits > limit) {
      throw tooManyRequests(limit, windowMs, String(Math.max(1, Math.ceil(remainingMs / 1000))));
    }
  }

  private peerOf({ headers, remoteAddress }: Call): Peer {
    const socket = { remoteAddress };
    return { ip: proxyAddr({ headers, socket } as IncomingMessage, this.isTrusted), socket };
  }
}
