import type { Customer, FeatureValue } from './feature.js';
import type { TensorType } from './tensor-type.js';

/** What the training side states about a model. manifest.schema.json describes each field. */
export interface ModelManifest {
  readonly format_version: 2;
  readonly name?: string;
  readonly version?: string;
  readonly created_at?: string;
  readonly framework?: { readonly name: string; readonly versions: Readonly<Record<string, string>> };
  readonly sha256: string;
  readonly features: readonly StatedFeature[];
  readonly inputs: readonly StatedInput[];
  readonly output: StatedOutput;
  readonly examples: readonly StatedExample[];
  readonly thresholds?: Thresholds;
  readonly tolerance?: number;
  readonly tolerance_reason?: string;
  readonly comparison?: Comparison;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly reference?: StatedReference;
  readonly golden_rows?: GoldenRows;
  readonly explanations?: StatedExplanations;
}

export type StatedFeature = StatedNumberFeature | StatedBooleanFeature | StatedCategoryFeature;

interface StatedFeatureOfAnyType {
  readonly name: string;
  readonly description?: string;
  readonly nullable?: boolean;
}

export interface StatedNumberFeature extends StatedFeatureOfAnyType {
  readonly type: 'integer' | 'number';
  readonly unit?: string;
  readonly bounds?: { readonly minimum?: number; readonly maximum?: number };
  readonly statistics?: NumberStatistics;
}

export interface StatedBooleanFeature extends StatedFeatureOfAnyType {
  readonly type: 'boolean';
  readonly statistics?: CountStatistics;
}

export interface StatedCategoryFeature extends StatedFeatureOfAnyType {
  readonly type: 'category';
  readonly categories: readonly string[];
  readonly unknown?: 'refuse' | 'accept';
  readonly statistics?: CountStatistics;
}

export interface NumberStatistics {
  readonly missing_ratio: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  readonly quantiles: Readonly<Record<string, number>>;
  readonly histogram: Histogram;
}

export interface CountStatistics {
  readonly missing_ratio: number;
  readonly counts: Readonly<Record<string, number>>;
}

export interface Histogram {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** The data that the statistics describe. */
export interface StatedReference {
  readonly rows: number;
  readonly probability_histogram: Histogram;
  readonly calibration?: readonly CalibrationBin[];
}

/** Customers whom the model gave about the same probability. */
export interface CalibrationBin {
  readonly mean_probability: number;
  /** Share of the rows that churned. */
  readonly churn_ratio: number;
  readonly rows: number;
}

/** A tensor [rows, features] that the graph takes. */
export interface StatedInput {
  readonly name: string;
  readonly type: TensorType;
  readonly features: readonly string[];
  readonly missing_text?: string;
  readonly category_codes?: boolean;
}

export interface StatedOutput {
  readonly name: string;
  readonly column?: 0 | 1;
}

export interface StatedExample {
  readonly customer: Customer;
  readonly probability?: number;
}

/** Least unrounded probability for each decision. */
export interface Thresholds {
  readonly decision: number;
  readonly medium: number;
  readonly high: number;
}

/** How far the graph was from the trained model at the export. */
export interface Comparison {
  readonly rows: number;
  readonly differing_rows: number;
  readonly worst_difference: number;
  readonly flipped_decisions: number;
  readonly accepted?: { readonly share: number; readonly reason: string };
}

/** [rows, features], and the source model's probability for each row. */
export interface GoldenRows {
  readonly features: readonly string[];
  readonly rows: readonly (readonly FeatureValue[])[];
  readonly probabilities: readonly number[];
}

/** What probabilities are explained with: interventional Shapley values against a background. */
export interface StatedExplanations {
  /** The order of the values in each row, and of the contributions. */
  readonly features: readonly string[];
  /** [1 to 128 rows, features] */
  readonly background: readonly (readonly FeatureValue[])[];
  /** Mean of the source model's probability over the background. */
  readonly base_probability: number;
  readonly golden: readonly GoldenExplanation[];
}

/** The source model's own Shapley values: base_probability and the contributions add up to the probability. */
export interface GoldenExplanation {
  readonly row: readonly FeatureValue[];
  readonly probability: number;
  readonly contributions: readonly number[];
  /** Of the contributions, where they were sampled. */
  readonly standard_errors?: readonly number[];
}

/** Of a manifest that states none. */
export const DEFAULT_THRESHOLDS: Thresholds = { decision: 0.5, medium: 0.4, high: 0.7 };

/** Of a manifest that states none. */
export const DEFAULT_TOLERANCE = 1e-5;
