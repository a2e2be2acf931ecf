import { Injectable } from '@nestjs/common';
import { ConnectionLimit } from '../http/connections/connection-limit.js';
import { ModelService } from '../model/model.service.js';

/** Whether the server takes requests, and is alive. */
@Injectable()
export class Readiness {
  constructor(
    private readonly model: ModelService,
    private readonly connectionLimit: ConnectionLimit,
  ) {}

  get isLive(): boolean {
    return !this.model.isStalled;
  }

  /** Absent if it takes requests. */
  get obstacle(): string | undefined {
    const { status } = this.model;
    if (status !== 'ready') {
      return `The model is ${status}.`;
    }
    return this.connectionLimit.isFull ? 'All connections are in use.' : undefined;
  }
}
