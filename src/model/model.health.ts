import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { ModelService } from './model.service.js';

/** Tells Terminus whether the model takes traffic, and whether only a new process could make it. */
@Injectable()
export class ModelHealthIndicator {
  constructor(
    private readonly model: ModelService,
    private readonly indicator: HealthIndicatorService,
  ) {}

  /** Up while the model takes requests. */
  readiness(key: string): HealthIndicatorResult {
    const { status } = this.model;
    if (status !== 'ready') {
      return this.indicator.check(key).down({ reason: status });
    }
    const { version, verification } = this.model.loaded;
    return this.indicator.check(key).up({ version, verified: verification !== undefined });
  }

  /** Down while a forward pass stalls. */
  inference(key: string): HealthIndicatorResult {
    const check = this.indicator.check(key);
    return this.model.isStalled ? check.down({ reason: 'stalled' }) : check.up();
  }
}
