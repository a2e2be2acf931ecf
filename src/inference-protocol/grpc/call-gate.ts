import { Inject, Injectable } from '@nestjs/common';
import { ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { CallAccess } from '../../access/call-access.js';
import { Settings } from '../../config/settings.js';
import { LoadShedding } from '../../http/connections/load-shedding.js';
import { RequestLog } from '../../http/requests/request-log.js';
import { ModelService } from '../../model/model.service.js';
import { TRACER, type Tracer } from '../../tracing/tracer.js';
import { HeldBytes } from '../held-bytes.js';
import { INFER_BODY_LIMIT_BYTES } from '../rest/infer-body.middleware.js';
import { FollowedCall, type Gate } from './followed-call.js';
import type { GrpcConnections } from './grpc-connections.js';

/** Lets calls in or refuses them, and follows each to its end. */
@Injectable()
export class CallGate implements Gate {
  constructor(
    readonly settings: Settings,
    readonly model: ModelService,
    readonly access: CallAccess,
    readonly shedding: LoadShedding,
    readonly heldBytes: HeldBytes,
    readonly requestLog: RequestLog,
    @Inject(TRACER) readonly tracer: Tracer,
    @Inject(INFER_BODY_LIMIT_BYTES) readonly limitBytes: number,
  ) {}

  /** Follows each call from its arrival to its end. @param connections are there when the first call comes */
  interceptor(connections: () => GrpcConnections): ServerInterceptor {
    return (method, call) => {
      const followed = new FollowedCall(method, call, connections(), this);
      return new ServerInterceptingCall(call, {
        start: (next) => {
          next({
            onReceiveMetadata: (metadata, proceed) => {
              followed.begin(metadata, proceed);
            },
            onReceiveMessage: (message, proceed) => {
              followed.receive(message, proceed);
            },
            onReceiveHalfClose: (proceed) => {
              followed.halfClose(proceed);
            },
            onCancel: () => {
              followed.end();
            },
          });
        },
        sendMessage: (message, next) => {
          followed.answer();
          next(message);
        },
      });
    };
  }
}
