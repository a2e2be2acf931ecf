import { type CanActivate, Injectable } from '@nestjs/common';
import { ProblemException } from '../http/problems/problem.exception.js';
import { ExplanationService } from './explanation.service.js';

/** Refuses to explain what a bundle without background rows answers. */
@Injectable()
export class ExplainableGuard implements CanActivate {
  constructor(private readonly explanations: ExplanationService) {}

  canActivate(): boolean {
    if (!this.explanations.isAvailable) {
      throw new ProblemException(
        'explanations_unavailable',
        'The bundle of the model has no background rows to explain it against.',
      );
    }
    return true;
  }
}
