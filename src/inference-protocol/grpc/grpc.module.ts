import { Module } from '@nestjs/common';
import { GRPC_PORT } from '../grpc-port.js';
import { CallGate } from './call-gate.js';
import { GrpcServer } from './grpc-server.js';
import { HealthCalls } from './health-calls.js';
import { InferenceCalls } from './inference-calls.js';

/** The Open Inference Protocol over gRPC. It is imported, and gRPC loaded, only if GRPC_PORT names a port. */
@Module({
  providers: [CallGate, HealthCalls, InferenceCalls, { provide: GRPC_PORT, useClass: GrpcServer }],
})
export class GrpcModule {}
