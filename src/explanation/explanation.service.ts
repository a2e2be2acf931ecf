import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectPinoLogger, PinoLogger } from 'nestjs-pino';
import type { Customer } from '../bundle/feature.js';
import { ModelLoadError } from '../bundle/model-load-error.js';
import { Settings } from '../config/settings.js';
import { currentRequest } from '../http/requests/request-context.js';
import type { CallContext } from '../model/call-context.js';
import { InvalidProbabilityError } from '../model/model.errors.js';
import { ModelService } from '../model/model.service.js';
import type { RowSource } from '../model/row-source.js';
import { toPrediction } from '../prediction/to-prediction.js';
import type { Explanation, ExplanationBatch } from './dto/explanation.dto.js';
import { type Explainer, explainerOf, type Reasons } from './explainer.js';
import { proveExplanations } from './explanation-proof.js';
import { ExplanationMetrics } from './explanation.metrics.js';
import { strongestFirst, withOthers } from './strongest-first.js';

const MOST_FEATURES_OF_EXAMPLE = 30;
const LONGEST_EXAMPLE_MS = 100;

/** Waits outside of any request. */
const PATIENT_CALLER: CallContext = { deadlineAtMs: Infinity, closed: false };

/** Says why customers get their scores, if the bundle has rows to explain them against. */
@Injectable()
export class ExplanationService implements OnApplicationBootstrap {
  private explainer: Explainer | undefined;
  private isProven = false;
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
    const { manifest, layout } = this.model.loaded;
    const { explanations } = manifest;
    if (explanations === undefined) {
      return;
    }
    this.warnIfSlow(this.expectedMs());
    const startedAtMs = performance.now();
    this.explainer = await explainerOf(
      explanations,
      layout,
      (source, call) => this.score(source, call),
      PATIENT_CALLER,
    );
    const { goldenCount, kind, worstDifference } = await proveExplanations(
      this.explainer,
      { ...manifest, explanations },
      (rowCount) => this.model.expectedPassMs(rowCount),
      PATIENT_CALLER,
      this.settings.modelPath,
    );
    this.isProven = true;
    this.logger.info(
      {
        background_rows: explanations.background.length,
        golden_explanations: goldenCount,
        method: kind,
        worst_difference: worstDifference,
        proof_ms: Math.round(performance.now() - startedAtMs),
      },
      'explanations proven',
    );
    await this.explainExample();
  }

  private async score(source: RowSource, call: CallContext): Promise<Float64Array> {
    try {
      return await this.model.predictWhenIdle(source, call);
    } catch (error) {
      if (this.isProven || !(error instanceof InvalidProbabilityError)) {
        throw error;
      }
      throw new ModelLoadError(
        {
          problem: 'The model gives a value that is not a probability',
          where: this.settings.modelPath,
          expected: 'a number from 0 to 1 for each row that explains a golden row',
          found: String(error.probability),
          remedy: 'export the model again, and check that the stated output holds probabilities',
        },
        { cause: error },
      );
    }
  }

  private async explainExample(): Promise<void> {
    const { contract } = this.model.loaded;
    const [example] = contract.examples;
    const isShort = contract.features.length <= MOST_FEATURES_OF_EXAMPLE;
    if (example !== undefined && isShort && this.expectedMs() <= LONGEST_EXAMPLE_MS) {
      const { customer } = example;
      const [reasons] = await this.reasonsOf([customer], PATIENT_CALLER);
      this.example = reasons && this.toExplanation(customer, reasons, undefined);
    }
  }

  /**
   * @param top how many contributions are listed; the others are added up
   * @returns the explanations in the order of the customers
   */
  async explain(customers: readonly Customer[], top: number | undefined): Promise<ExplanationBatch> {
    const startedAtMs = performance.now();
    const call: CallContext = currentRequest() ?? PATIENT_CALLER;
    const all = await this.reasonsOf(customers, call);
    const endedAtMs = performance.now();
    const latencyMs = endedAtMs - startedAtMs;
    const evaluationCount = all.reduce((sum, reasons) => sum + reasons.evaluationCount, 0);
    call.trace?.record('explanation', startedAtMs, endedAtMs, {
      customers: customers.length,
      model_evaluations: evaluationCount,
    });
    this.metrics.explained(all, latencyMs);
    return {
      explanations: all.map((reasons, index) => this.toExplanation(customers[index] ?? {}, reasons, top)),
      batch_size: customers.length,
      latency_ms: Math.round(latencyMs * 100) / 100,
    };
  }

  /** @returns how long one explanation takes while nothing else does */
  private expectedMs(): number {
    const { maxBatchRows } = this.model.loaded.plan;
    return (this.settings.explanationRows / maxBatchRows) * this.model.expectedPassMs(maxBatchRows);
  }

  private warnIfSlow(expectedMs: number): void {
    const { explanationRows, explanationTimeoutMs } = this.settings;
    if (expectedMs > explanationTimeoutMs) {
      this.logger.warn(
        {
          explanation_rows: explanationRows,
          expected_ms: Math.round(expectedMs),
          explanation_timeout_ms: explanationTimeoutMs,
        },
        'explanations may take longer than EXPLANATION_TIMEOUT_MS: lower EXPLANATION_ROWS, or raise the timeout',
      );
    }
  }

  private reasonsOf(customers: readonly Customer[], call: CallContext): Promise<Reasons[]> {
    return this.explainerOrThrow().explain(customers, this.settings.explanationRows, call);
  }

  private explainerOrThrow(): Explainer {
    if (this.explainer === undefined) {
      throw new Error('Nothing is explained before the start has proven it.');
    }
    return this.explainer;
  }

  private toExplanation(customer: Customer, reasons: Reasons, top: number | undefined): Explanation {
    const { background } = this.explainerOrThrow();
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
