import {
  Metadata,
  type ServerInterceptingCallInterface,
  type ServerMethodDefinition,
  status,
} from '@grpc/grpc-js';
import type { CallAccess } from '../../access/call-access.js';
import type { Settings } from '../../config/settings.js';
import { type LoadShedding, noTime } from '../../http/connections/load-shedding.js';
import type { ProblemCode } from '../../http/problems/problem-catalogue.js';
import { logFieldsOf } from '../../http/problems/problem-details.filter.js';
import { ProblemException } from '../../http/problems/problem.exception.js';
import { protocolStatus } from '../../http/problems/protocol-error.js';
import { beginRequest } from '../../http/requests/begin-request.js';
import { isAskedByMachines } from '../../http/requests/machine-paths.js';
import { type RequestContext, runInRequest } from '../../http/requests/request-context.js';
import { REQUEST_ID_HEADER } from '../../http/requests/request-id.js';
import { CLIENT_CLOSED_REQUEST, type RequestLog } from '../../http/requests/request-log.js';
import { ModelNotReadyError } from '../../model/model.errors.js';
import type { ModelService } from '../../model/model.service.js';
import type { Tracer } from '../../tracing/tracer.js';
import { type HeldBytes, noRoom } from '../held-bytes.js';
import type { GrpcConnections, OpenCall } from './grpc-connections.js';
import { headersOf } from './metadata-headers.js';
import { INFER_PATH, REFLECTION_PATHS } from './protocols.js';
import { problemOf, problemOfLibrary, statusOf } from './problem-status.js';

/** Of HTTP/2, as which a call comes. */
const METHOD = 'POST';

/** Of a message that is not for inference. Nobody needs a key to ask for the health. */
const MOST_OTHER_BYTES = 16_384;

type Method = Pick<ServerMethodDefinition<unknown, unknown>, 'path' | 'requestStream' | 'responseStream'>;

type Status = Parameters<ServerInterceptingCallInterface['sendStatus']>[0];

/** What calls are held against. */
export interface Gate {
  readonly settings: Settings;
  readonly model: ModelService;
  readonly access: CallAccess;
  readonly shedding: LoadShedding;
  readonly heldBytes: HeldBytes;
  readonly requestLog: RequestLog;
  readonly tracer: Tracer;
  /** Of a message. */
  readonly limitBytes: number;
}

/** One call, from its arrival to its log line. */
export class FollowedCall implements OpenCall {
  private context: RequestContext | undefined;
  private sentStatus: status | undefined;
  private isReceived = false;
  /** Whether its client has said all. Until then the library keeps the message and runs nothing. */
  private isComplete = false;
  private isUnread = false;
  private answeringSinceMs = Infinity;
  private heldBytes = 0;
  private isShed = false;
  private readonly peer: string;

  constructor(
    private readonly method: Method,
    private readonly call: ServerInterceptingCallInterface,
    private readonly connections: GrpcConnections,
    private readonly gate: Gate,
  ) {
    this.peer = call.getPeer();
    if (method.path !== INFER_PATH) {
      limitMessages(call, MOST_OTHER_BYTES);
    }
    // The library ends some calls itself: when a message is too large, or the deadline has passed. It does so by this method.
    const send = call.sendStatus.bind(call);
    call.sendStatus = (given) => {
      send(this.finalStatus(given));
    };
  }

  private get limitBytes(): number {
    return this.method.path === INFER_PATH ? this.gate.limitBytes : MOST_OTHER_BYTES;
  }

  /** Lets the call in, or refuses it before its message is read. */
  begin(metadata: Metadata, proceed: (metadata: Metadata) => void): void {
    const { path } = this.method;
    const headers = headersOf(metadata);
    const context = beginRequest({ method: METHOD, path, headers }, this.gate.tracer);
    context.handled = true;
    context.isStream = this.method.responseStream;
    this.context = context;
    this.connections.track(this.peer, this);
    runInRequest(context, () => {
      try {
        this.admit(context, headers);
      } catch (error) {
        this.refuse(problemOf(error));
        return;
      }
      proceed(metadata);
    });
    if (path === INFER_PATH) {
      setImmediate(() => {
        if (!this.isReceived) {
          // It is large, or slow, and may become as large as is allowed.
          this.hold(this.gate.limitBytes);
        }
      });
    }
  }

  receive(message: unknown, proceed: (message: unknown) => void): void {
    this.isReceived = true;
    if (this.method.path === INFER_PATH) {
      this.hold((message as { readonly bytes: Buffer }).bytes.length);
    }
    this.run(() => {
      proceed(message);
    });
  }

  /** Without a message its client has left, as it seems, of which the library tells next. */
  halfClose(proceed: () => void): void {
    this.isComplete = true;
    if (this.isReceived) {
      this.run(proceed);
    } else {
      setImmediate(() => {
        this.run(proceed);
      });
    }
  }

  /** Runs what the call is to do, for its request. */
  run(work: () => void): void {
    if (this.context?.closed === false && this.sentStatus === undefined) {
      runInRequest(this.context, work);
    }
  }

  answer(): void {
    if (!this.method.responseStream) {
      this.answeringSinceMs = performance.now();
    }
  }

  endIfStalled(nowMs: number): boolean {
    const { receiveTimeoutMs, sendTimeoutMs } = this.gate.settings;
    if (nowMs - this.answeringSinceMs > 2 * sendTimeoutMs) {
      this.annotate({ reason: 'answer_not_read' });
      this.isUnread = true;
      return true;
    }
    const isLate = !this.isComplete && nowMs - (this.context?.arrivedAtMs ?? nowMs) > receiveTimeoutMs;
    if (isLate && !this.method.requestStream && this.sentStatus === undefined) {
      this.refuse(new ProblemException('request_timeout', 'The message did not arrive in time.'));
    }
    return false;
  }

  leave(): void {
    if (this.method.responseStream) {
      this.refuse(new ProblemException('model_not_ready', 'The service shuts down; try another instance.'));
    }
  }

  /** The answer is sent, or nobody waits for it any more. */
  end(): void {
    const { context } = this;
    if (context === undefined || context.closed) {
      return;
    }
    context.closed = true;
    this.connections.untrack(this.peer, this);
    this.gate.heldBytes.release(this.heldBytes);
    this.heldBytes = 0;
    if (this.isShed) {
      this.gate.requestLog.countShed(METHOD);
      return;
    }
    const { path } = this.method;
    const code = context.logFields['code'] as ProblemCode | undefined;
    const sentStatus = this.isUnread ? undefined : this.sentStatus;
    this.annotate({ grpc_status: status[sentStatus ?? status.CANCELLED] });
    runInRequest(context, () => {
      this.gate.requestLog.writeEnded(context, {
        method: METHOD,
        route: path,
        path,
        status:
          sentStatus === undefined ? CLIENT_CLOSED_REQUEST : code === undefined ? 200 : protocolStatus(code),
      });
    });
  }

  /** @throws {ProblemException} or an error of the model, if the call may not come in */
  private admit(context: RequestContext, headers: ReturnType<typeof headersOf>): void {
    const { path } = this.method;
    const { access, model, settings, shedding } = this.gate;
    if (isAskedByMachines(path)) {
      return;
    }
    if (this.connections.isSurplus(this.peer) || shedding.isTurnFull) {
      this.isShed = true;
      throw noTime();
    }
    const { remoteAddress } = this.call.getConnectionInfo();
    access.require({ path, headers, remoteAddress, isDocs: REFLECTION_PATHS.includes(path) });
    if (path === INFER_PATH) {
      if (!model.canPredict) {
        throw new ModelNotReadyError(model.status);
      }
      context.deadlineAtMs = context.arrivedAtMs + Math.min(this.timeLeftMs(), settings.requestTimeoutMs);
    }
  }

  /** Until the client's deadline, which the library keeps as a time of day. */
  private timeLeftMs(): number {
    return Number(this.call.getDeadline()) - new Date().getTime();
  }

  private hold(byteCount: number): void {
    if (this.context?.closed !== false || this.sentStatus !== undefined) {
      return;
    }
    this.gate.heldBytes.release(this.heldBytes);
    const hasRoom = this.gate.heldBytes.hold(byteCount);
    this.heldBytes = hasRoom ? byteCount : 0;
    if (!hasRoom) {
      this.refuse(noRoom());
    }
  }

  private refuse(problem: ProblemException): void {
    this.annotate(logFieldsOf(problem));
    this.call.sendStatus(statusOf(problem));
  }

  private finalStatus(given: Status): Status {
    if (this.sentStatus !== undefined) {
      return given;
    }
    let final = given;
    if (given.code !== status.OK && this.context?.logFields['code'] === undefined) {
      const problem = problemOfLibrary(given.code, given.details, this.limitBytes);
      this.annotate(logFieldsOf(problem));
      final = statusOf(problem);
    }
    this.sentStatus = final.code;
    const metadata = final.metadata ?? new Metadata();
    if (this.context !== undefined) {
      metadata.set(REQUEST_ID_HEADER, this.context.id);
    }
    return { ...final, metadata };
  }

  private annotate(fields: Record<string, unknown>): void {
    Object.assign(this.context?.logFields ?? {}, fields);
  }
}

/** The library has one limit for all methods, in private fields. It holds for a message that is compressed too. */
function limitMessages(call: ServerInterceptingCallInterface, limitBytes: number): void {
  const base = call as unknown as {
    maxReceiveMessageSize: number;
    readonly decoder: { maxReadMessageLength: number };
  };
  base.maxReceiveMessageSize = limitBytes;
  base.decoder.maxReadMessageLength = limitBytes;
}
