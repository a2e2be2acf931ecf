import { Injectable } from '@nestjs/common';
import type { ServerWritableStream, UntypedServiceImplementation } from '@grpc/grpc-js';
import { ProblemException } from '../../http/problems/problem.exception.js';
import { Readiness } from '../readiness.js';
import { HEALTH_OF } from './protocols.js';
import { unaryCall } from './unary-call.js';

const LOOK_INTERVAL_MS = 200;

interface HealthRequest {
  readonly service: string;
}

interface HealthResponse {
  readonly status: 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';
}

type Watcher = ServerWritableStream<HealthRequest, HealthResponse>;

/** Answers probes by the health checking protocol. */
@Injectable()
export class HealthCalls {
  private readonly watchers = new Set<Watcher>();
  private isLeaving = false;
  private lastStatus: HealthResponse['status'] = 'SERVING';

  constructor(private readonly readiness: Readiness) {
    setInterval(() => {
      this.tellChange();
    }, LOOK_INTERVAL_MS).unref();
  }

  get implementation(): UntypedServiceImplementation {
    return {
      Check: unaryCall(({ service }: HealthRequest): HealthResponse => {
        if (!HEALTH_OF.includes(service)) {
          throw new ProblemException(
            'not_found',
            `There is no service ${JSON.stringify(service.slice(0, 100))}.`,
          );
        }
        return { status: this.status };
      }),
      Watch: (watcher: Watcher) => {
        if (!HEALTH_OF.includes(watcher.request.service)) {
          // It may be served some day, the protocol says, so that the call goes on.
          watcher.write({ status: 'SERVICE_UNKNOWN' });
          return;
        }
        this.tellChange();
        watcher.write({ status: this.lastStatus });
        this.watchers.add(watcher);
        watcher.once('cancelled', () => this.watchers.delete(watcher));
      },
    };
  }

  /** From now on clients should call another process. */
  leave(): void {
    this.isLeaving = true;
    this.tellChange();
  }

  private get status(): HealthResponse['status'] {
    return this.readiness.obstacle === undefined && !this.isLeaving ? 'SERVING' : 'NOT_SERVING';
  }

  private tellChange(): void {
    const { status } = this;
    if (status !== this.lastStatus) {
      this.lastStatus = status;
      for (const watcher of this.watchers) {
        watcher.write({ status });
      }
    }
  }
}
