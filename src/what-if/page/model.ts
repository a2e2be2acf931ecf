/** What the page reads of `GET /model` and of the predictions. */
export type Value = number | boolean | string | null;
export type Customer = Record<string, Value>;

export interface Histogram {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

export interface Feature {
  readonly name: string;
  readonly type: 'integer' | 'number' | 'boolean' | 'category';
  readonly description?: string;
  readonly unit?: string;
  readonly nullable: boolean;
  readonly bounds?: { readonly minimum: number; readonly maximum: number };
  readonly categories?: readonly string[];
  readonly unknown?: 'refuse' | 'accept';
  readonly example?: Value;
  readonly statistics?: { readonly histogram?: Histogram };
}

export interface CalibrationPoint {
  readonly mean_probability: number;
  readonly churn_ratio: number;
  readonly rows: number;
}

export interface Model {
  readonly name: string;
  readonly version: string;
  readonly created_at?: string;
  readonly features: readonly Feature[];
  readonly thresholds: { readonly decision: number; readonly medium: number; readonly high: number };
  readonly metrics?: Readonly<Record<string, number>>;
  readonly verification: {
    readonly verified: boolean;
    readonly golden_rows?: number;
    readonly worst_difference?: number;
  };
  readonly reference?: {
    readonly probability_histogram?: Histogram;
    readonly calibration?: readonly CalibrationPoint[];
  };
}

export interface Contribution {
  readonly feature: string;
  readonly value: Value;
  readonly contribution: number;
}

export interface Prediction {
  readonly churn_probability: number;
  readonly churn_prediction: boolean;
  readonly risk_tier: string;
}

export interface Explanation extends Prediction {
  readonly base_probability: number;
  readonly method: { readonly kind: 'exact' | 'sampled' };
  readonly contributions: readonly Contribution[];
  readonly others?: { readonly features: number; readonly contribution: number };
}

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}
