import { SERVICE_VERSION } from '../config/service-version.js';
import type { DtoSchema } from '../prediction/validation/dto-schema.js';
import type { LoadedModel } from '../model/model-loader.js';
import type { FeatureStatistics, ModelManifest } from '../model/model-manifest.js';
import type { FeatureStatisticsDto, ModelFeatureDto } from './dto/model-feature.dto.js';
import type { ModelInfoDto, ModelReferenceDto } from './dto/model-info.dto.js';
import type { ModelVerificationDto } from './dto/model-verification.dto.js';

/**
 * Describes a model: its manifest without the golden rows, the proof at the start, and the service that serves it.
 *
 * @param input schema of the customer, with a field for each feature
 */
export function describeModel(model: LoadedModel, input: DtoSchema): ModelInfoDto {
  const { name, version, sha256, thresholds, manifest, executionProvider, plan } = model;
  return {
    name,
    version,
    sha256,
    ...(manifest !== undefined && { created_at: manifest.created_at }),
    verification: verification(model),
    features: features(model, input),
    thresholds: { decision: thresholds.decision, medium: thresholds.medium, high: thresholds.high },
    ...(manifest !== undefined && { metrics: manifest.metrics, reference: reference(manifest) }),
    inference: {
      execution_provider: executionProvider,
      threads: plan.threadCount,
      max_batch_rows: plan.maxBatchRows,
    },
    service_version: SERVICE_VERSION,
  };
}

function verification({ verification: proof }: LoadedModel): ModelVerificationDto {
  return proof === undefined
    ? { verified: false }
    : {
        verified: true,
        golden_rows: proof.goldenRowCount,
        worst_difference: proof.worstDifference,
        tolerance: proof.tolerance,
      };
}

function features({ features: names, manifest }: LoadedModel, { properties }: DtoSchema): ModelFeatureDto[] {
  return names.map((name) => {
    const { type, minimum, maximum } = properties[name] ?? {};
    if ((type !== 'integer' && type !== 'number') || minimum === undefined || maximum === undefined) {
      throw new Error(`The API has no number with bounds for the feature ${name}.`);
    }
    const known = manifest?.features.find((feature) => feature.name === name);
    return {
      name,
      type,
      bounds: { minimum, maximum },
      ...(known !== undefined && { statistics: statistics(known) }),
    };
  });
}

function statistics(feature: FeatureStatistics): FeatureStatisticsDto {
  const { minimum, maximum, mean, quantiles, histogram } = feature;
  return { minimum, maximum, mean, quantiles, histogram };
}

function reference({ reference: { rows, probability_histogram } }: ModelManifest): ModelReferenceDto {
  return { rows, probability_histogram };
}
