import { Injectable } from '@nestjs/common';
import { AdmissionMiddleware } from '../prediction/admission.middleware.js';

/** Gives explanations a deadline of their own. */
@Injectable()
export class ExplanationAdmissionMiddleware extends AdmissionMiddleware {
  protected override get timeoutMs(): number {
    return this.settings.explanationTimeoutMs;
  }
}
