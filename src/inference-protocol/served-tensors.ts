import type { Contract } from '../bundle/contract.js';
import type { Feature } from '../bundle/feature.js';
import type { Datatype } from './datatype.js';

export interface TensorMetadata {
  readonly name: string;
  readonly datatype: Datatype;
  /** -1 is the number of rows. */
  readonly shape: readonly number[];
}

/** What is answered if no outputs are asked for. */
export const USUAL_OUTPUTS: readonly TensorMetadata[] = [
  { name: 'churn_probability', datatype: 'FP64', shape: [-1] },
  { name: 'churn_prediction', datatype: 'BOOL', shape: [-1] },
  { name: 'risk_tier', datatype: 'BYTES', shape: [-1] },
];

export const CONTRIBUTIONS = 'contributions';
export const BASE_PROBABILITY = 'base_probability';

export function inputsOf({ features }: Pick<Contract, 'features'>): TensorMetadata[] {
  return features.map((feature) => ({ name: feature.name, datatype: datatypeOf(feature), shape: [-1] }));
}

/** The outputs that may be asked for. */
export function outputsOf({ features, isExplained }: Contract): TensorMetadata[] {
  return [
    ...USUAL_OUTPUTS,
    ...(isExplained
      ? ([
          { name: CONTRIBUTIONS, datatype: 'FP64', shape: [-1, features.length] },
          { name: BASE_PROBABILITY, datatype: 'FP64', shape: [-1] },
        ] as const)
      : []),
  ];
}

/** One in which every value can be sent. Of the numbers only FP64 and FP32 have one for missing. */
function datatypeOf({ type, nullable }: Feature): Datatype {
  switch (type) {
    case 'integer':
      return nullable ? 'FP64' : 'INT64';
    case 'number':
      return 'FP64';
    case 'boolean':
      return nullable ? 'FP64' : 'BOOL';
    case 'category':
      return 'BYTES';
  }
}
