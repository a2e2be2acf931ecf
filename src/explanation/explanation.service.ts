import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import type { Customer } from '../bundle/feature.js';
import { Settings } from '../config/settings.js';
import { currentRequest } from '../http/requests/request-context.js';
import { type CallContext, PATIENT_CALLER } from '../model/call-context.js';
import { ModelService } from '../model/model.service.js';
import { toPrediction } from '../prediction/to-prediction.js';
import type { Explanation, ExplanationBatch } from './dto/explanation.dto.js';
import type { Explainer, Reasons } from './explainer.js';
import { ExplanationMetrics } from './explanation.metrics.js';
import { expectedExplanationMs, startExplainer } from './start-explainer.js';
import { strongestFirst, withOthers } from './strongest-first.js';

const MOST_FEATURES_OF_EXAMPLE = 30;
const LONGEST_EXAMPLE_MS = 100;

/** Says why customers get their scores, if the bundle has rows to explain them against. */
@Injectable()
export class ExplanationService implements OnApplicationBootstrap {
  private explainer: Explainer | undefined;
  /** How the first documented customer is explained; absent if that would take long, at the start or to read. */
  example: Explanation | undefined;

  constructor(
    private readonly model: ModelService,
    private readonly settings: Settings,
    private readonly metrics: ExplanationMetrics,
    @InjectPinoLogger(ExplanationService.name) private readonly logger: PinoLogger,
  ) {}

  get isAvailable(): boolean {
    return this.model.loaded.contract.isExplained;
  }

  /** @throws {ModelLoadError} if the model does not explain its answers as the training side did */
  async onApplicationBootstrap(): Promise<void> {
    this.explainer = await startExplainer(this.model, this.settings, this.logger);
    if (this.explainer !== undefined && this.settings.docsAccess !== 'off') {
      this.example = await this.explainExample(this.explainer).catch((error: unknown) => {
        this.logger.warn({ err: error }, 'the documented customer cannot be explained');
        return undefined;
      });
    }
  }

  /**
   * @param top how many contributions are listed; the others are added up
   * @returns the explanations in the order of the customers
   */
  async explain(customers: readonly Customer[], top: number | undefined): Promise<ExplanationBatch> {
    const { explainer } = this;
    if (explainer === undefined) {
      throw new Error('The guard lets nobody in whose answers cannot be explained.');
    }
    const startedAtMs = performance.now();
    const call: CallContext = currentRequest() ?? PATIENT_CALLER;
    const all = await explainer.explain(customers, this.settings.explanationRows, call);
    const endedAtMs = performance.now();
    const latencyMs = endedAtMs - startedAtMs;
    call.trace?.record('explanation', startedAtMs, endedAtMs, {
      customers: customers.length,
      model_evaluations: all.reduce((sum, { evaluationCount }) => sum + evaluationCount, 0),
    });
    this.metrics.explained(all, latencyMs);
    return {
      explanations: all.map((reasons, index) =>
        this.toExplanation(customers[index] ?? {}, reasons, explainer, top),
      ),
      batch_size: customers.length,
      latency_ms: Math.round(latencyMs * 100) / 100,
    };
  }

  private async explainExample(explainer: Explainer): Promise<Explanation | undefined> {
    const { features, examples } = this.model.loaded.contract;
    const [example] = examples;
    const expectedMs = expectedExplanationMs(this.model, this.settings);
    if (
      example === undefined ||
      features.length > MOST_FEATURES_OF_EXAMPLE ||
      expectedMs > LONGEST_EXAMPLE_MS
    ) {
      return undefined;
    }
    const { customer } = example;
    const [reasons] = await explainer.explain([customer], this.settings.explanationRows, PATIENT_CALLER);
    return reasons && this.toExplanation(customer, reasons, explainer, undefined);
  }

  private toExplanation(
    customer: Customer,
    reasons: Reasons,
    { background }: Explainer,
    top: number | undefined,
  ): Explanation {
    const contributions = strongestFirst(customer, reasons, this.model.loaded.contract);
    return {
      ...toPrediction(reasons.probability, this.model.loaded),
      base_probability: background.baseProbability,
      method: {
        kind: reasons.kind,
        background_rows: background.probabilities.length,
        model_evaluations: reasons.evaluationCount,
      },
      ...(top === undefined ? { contributions } : withOthers(contributions, top)),
    };
  }
}

/** How `POST /predict/explain` answers the documented customer, if that is known. */
export function exampleOfExplanation({
  example,
}: ExplanationService): { method: 'post'; path: string; body: Explanation }[] {
  return example === undefined ? [] : [{ method: 'post', path: '/predict/explain', body: example }];
}
