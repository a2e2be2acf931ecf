import type { Server as TcpServer } from 'node:net';
import { logVerbosity, Server, ServerCredentials, setLogVerbosity } from '@grpc/grpc-js';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { ConnectionLimit } from '../../http/connections/connection-limit.js';
import { TlsHandshakes } from '../../http/connections/tls-handshakes.js';
import type { GrpcPort } from '../grpc-port.js';
import { INFER_BODY_LIMIT_BYTES } from '../rest/infer-body.middleware.js';
import { CallGate } from './call-gate.js';
import { GrpcConnections } from './grpc-connections.js';
import { HealthCalls } from './health-calls.js';
import { InferenceCalls } from './inference-calls.js';
import { loadProtocols } from './protocols.js';
import { ReflectionCalls } from './reflection-calls.js';

// It would write a header that it cannot read to stderr as it came: an API key too.
setLogVerbosity(logVerbosity.NONE);

/** Of one connection at the same time; clients keep others back. */
const MOST_CALLS = 100;

/** Serves the Open Inference Protocol, health and reflection over gRPC. */
@Injectable()
export class GrpcServer implements GrpcPort, OnModuleDestroy, OnApplicationShutdown {
  private readonly connections: GrpcConnections;

  constructor(
    settings: Settings,
    limit: ConnectionLimit,
    handshakes: TlsHandshakes,
    gate: CallGate,
    inference: InferenceCalls,
    private readonly health: HealthCalls,
    @Inject(INFER_BODY_LIMIT_BYTES) limitBytes: number,
  ) {
    const { keepAliveTimeoutMs, docsAccess } = settings;
    const grpc = new Server({
      'grpc.enable_channelz': 0,
      'grpc.max_concurrent_streams': MOST_CALLS,
      'grpc.max_receive_message_length': limitBytes,
      'grpc.max_send_message_length': -1,
      'grpc.max_connection_idle_ms': keepAliveTimeoutMs,
      // A client that is gone without a word is found out even if it watches the health.
      'grpc.keepalive_time_ms': keepAliveTimeoutMs,
      interceptors: [gate.interceptor(() => this.connections)],
    });
    const protocols = loadProtocols();
    grpc.addService(protocols.inference, inference.implementation);
    grpc.addService(protocols.health, health.implementation);
    if (docsAccess !== 'off') {
      const reflection = new ReflectionCalls(protocols.packages);
      for (const service of protocols.reflections) {
        grpc.addService(service, reflection.implementation);
      }
    }
    // The listener sees to TLS, as that of HTTP does.
    const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
    this.connections = new GrpcConnections(injector, limit, handshakes, settings);
  }

  get server(): TcpServer {
    return this.connections.server;
  }

  async retire(): Promise<void> {
    this.health.leave();
    await this.connections.drain();
  }

  onModuleDestroy(): void {
    void this.retire();
  }

  /** The last calls still have to be answered and logged, by a model that is released after that. */
  async onApplicationShutdown(): Promise<void> {
    await this.connections.drain();
  }
}
