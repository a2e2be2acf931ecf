import type { Server } from 'node:net';

/** Injects the port of gRPC, if there is one. */
export const GRPC_PORT = Symbol('GRPC_PORT');

/** The part of gRPC that serving needs to know. This file does not load gRPC. */
export interface GrpcPort {
  /** To be told to listen. */
  readonly server: Server;
  /** Takes no new connection, and resolves when those that are open are closed, each after its calls are answered. */
  retire(): Promise<void>;
}
