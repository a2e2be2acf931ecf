import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Response } from 'express';

/**
 * Has the shutdown close each connection after the answer that it carries. Node closes only the idle ones, and
 * would wait for the others until their keep-alive time is over.
 */
@Injectable()
export class ConnectionDrain implements OnModuleDestroy {
  private readonly unanswered = new Set<Response>();
  private isDraining = false;

  track(response: Response): void {
    this.unanswered.add(response);
    response.shouldKeepAlive &&= !this.isDraining;
  }

  untrack(response: Response): void {
    this.unanswered.delete(response);
  }

  onModuleDestroy(): void {
    this.isDraining = true;
    for (const response of this.unanswered) {
      response.shouldKeepAlive = false;
    }
  }
}
