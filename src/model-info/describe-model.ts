import type { Feature, FeatureValue } from '../bundle/feature.js';
import type { StatedFeature } from '../bundle/manifest.js';
import { SERVICE_VERSION } from '../config/service-version.js';
import type { LoadedModel } from '../model/model-loader.js';
import type { ShadowCandidateDto } from '../shadow/dto/shadow-candidate.dto.js';
import type { ModelFeatureDto } from './dto/model-feature.dto.js';
import type { ModelInfoDto } from './dto/model-info.dto.js';
import type { ModelVerificationDto } from './dto/model-verification.dto.js';

/**
 * Describes a model: its contract, its manifest without the golden rows, the proof at the start, and the service.
 *
 * @param shadow the candidate beside it, if there is one
 */
export function describeModel(model: LoadedModel, shadow?: ShadowCandidateDto): ModelInfoDto {
  const { name, version, sha256, thresholds, manifest, executionProvider, plan } = model;
  const { created_at, comparison, metrics, reference, explanations } = manifest;
  return {
    name,
    version,
    sha256,
    ...(created_at !== undefined && { created_at }),
    verification: verification(model),
    ...(comparison !== undefined && { comparison }),
    features: features(model),
    thresholds: { decision: thresholds.decision, medium: thresholds.medium, high: thresholds.high },
    ...(metrics !== undefined && { metrics }),
    ...(reference !== undefined && { reference }),
    ...(explanations !== undefined && {
      explanations: {
        background_rows: explanations.background.length,
        base_probability: explanations.base_probability,
        golden_explanations: explanations.golden.length,
      },
    }),
    inference: {
      execution_provider: executionProvider,
      threads: plan.threadCount,
      max_batch_rows: plan.maxBatchRows,
    },
    ...(shadow !== undefined && { shadow }),
    service_version: SERVICE_VERSION,
  };
}

/** The documentation shows no more features: a model may have hundreds. */
const FEATURES_IN_EXAMPLE = 3;

/** How `GET /model` answers, shortened. */
export function exampleOfModel(model: LoadedModel): { method: 'get'; path: string; body: ModelInfoDto } {
  const body = describeModel(model);
  const features = body.features.slice(0, FEATURES_IN_EXAMPLE);
  return { method: 'get', path: '/model', body: Object.assign(body, { features }) };
}

function verification({ verification: proof, manifest }: LoadedModel): ModelVerificationDto {
  const { tolerance_reason } = manifest;
  return proof === undefined
    ? { verified: false }
    : {
        verified: true,
        golden_rows: proof.goldenRowCount,
        rows_alone: proof.rowsAloneCount,
        worst_difference: proof.worstDifference,
        tolerance: proof.tolerance,
        ...(tolerance_reason !== undefined && { tolerance_reason }),
      };
}

function features({ contract, manifest }: LoadedModel): ModelFeatureDto[] {
  const [example] = contract.examples;
  const stated = new Map(manifest.features.map((feature) => [feature.name, feature]));
  return contract.features.map((feature) => ({
    ...describeFeature(feature),
    ...exampleValue(example?.customer[feature.name]),
    ...statistics(stated.get(feature.name)),
  }));
}

function describeFeature(feature: Feature): Omit<ModelFeatureDto, 'example' | 'statistics'> {
  const { name, type, description, nullable } = feature;
  const common = { name, type, ...(description !== '' && { description }), nullable };
  switch (feature.type) {
    case 'integer':
    case 'number': {
      const { unit, minimum, maximum } = feature;
      return { ...common, ...(unit !== undefined && { unit }), bounds: { minimum, maximum } };
    }
    case 'boolean':
      return common;
    case 'category': {
      const { categories, unknown } = feature;
      return { ...common, categories, unknown };
    }
  }
}

function exampleValue(value: FeatureValue): Pick<ModelFeatureDto, 'example'> {
  return value === null || value === undefined ? {} : { example: value };
}

function statistics(feature: StatedFeature | undefined): Pick<ModelFeatureDto, 'statistics'> {
  return feature?.statistics === undefined ? {} : { statistics: feature.statistics };
}
