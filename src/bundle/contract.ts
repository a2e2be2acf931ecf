import type { Customer, Feature } from './feature.js';
import type { ModelManifest, StatedFeature, StatedInput } from './manifest.js';
import { numberRange } from './tensor-type.js';

/** A customer for the documentation. */
export interface Example {
  readonly customer: Customer;
  /** The source model's own, if the manifest states it. */
  readonly probability?: number;
}

/** What callers send: the fields of a customer. */
export interface Contract {
  /** In the order in which they are documented. */
  readonly features: readonly Feature[];
  /** At least one. */
  readonly examples: readonly Example[];
  /** Whether scores can be explained. */
  readonly isExplained: boolean;
}

/** The contract that a manifest states, with the bounds of the tensors where it states none. */
export function contractOf({ features, inputs, examples, explanations }: ModelManifest): Contract {
  const inputOf = new Map(inputs.flatMap((input) => input.features.map((name) => [name, input] as const)));
  return {
    features: features.map((feature) => featureOf(feature, inputOf.get(feature.name))),
    examples,
    isExplained: explanations !== undefined,
  };
}

function featureOf(feature: StatedFeature, input: StatedInput | undefined): Feature {
  const { name, description = '', nullable = false } = feature;
  switch (feature.type) {
    case 'integer':
    case 'number': {
      const { type, unit, bounds = {} } = feature;
      const range = numberRange(input?.type ?? 'float64', type);
      // A number in a tensor of another kind is a contradiction, which is told of after this.
      const { minimum, maximum } = { minimum: NaN, maximum: NaN, ...range, ...bounds };
      return {
        name,
        type,
        description,
        nullable,
        ...(unit !== undefined && { unit }),
        bounds,
        minimum,
        maximum,
      };
    }
    case 'boolean':
      return { name, type: 'boolean', description, nullable };
    case 'category': {
      const { categories, unknown = 'refuse' } = feature;
      const missingText = input?.missing_text;
      return {
        name,
        type: 'category',
        description,
        nullable,
        categories,
        unknown,
        ...(missingText !== undefined && { missingText }),
      };
    }
  }
}
