import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { ModelService } from './model.service.js';

/** Tells Terminus whether the model takes traffic. */
@Injectable()
export class ModelHealthIndicator {
  constructor(
    private readonly model: ModelService,
    private readonly indicator: HealthIndicatorService,
  ) {}

  check(key: string): HealthIndicatorResult {
    const { status } = this.model;
    if (status !== 'ready') {
      return this.indicator.check(key).down({ reason: status });
    }
    const { version, verified } = this.model.loaded;
    return this.indicator.check(key).up({ version, verified });
  }
}
