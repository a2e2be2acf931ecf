import type { Contract } from '../../bundle/contract.js';
import { inputsOf } from '../served-tensors.js';
import type { ModelMetadata } from '../served-model.js';

/** A request for the documented customers, in JSON. */
export function exampleRequest(contract: Contract): object {
  const { examples } = contract;
  return {
    id: 'example-1',
    inputs: inputsOf(contract).map(({ name, datatype }) => ({
      name,
      shape: [examples.length],
      datatype,
      data: examples.map(({ customer }) => {
        const value = customer[name] ?? null;
        return datatype === 'FP64' && typeof value === 'boolean' ? Number(value) : value;
      }),
    })),
  };
}

/** How a request for one row may be answered. */
export function exampleAnswer({ name, versions }: ModelMetadata): object {
  return {
    model_name: name,
    model_version: versions[0],
    id: 'example-1',
    outputs: [
      { name: 'churn_probability', datatype: 'FP64', shape: [1], data: [0.8889220952987671] },
      { name: 'churn_prediction', datatype: 'BOOL', shape: [1], data: [true] },
      { name: 'risk_tier', datatype: 'BYTES', shape: [1], data: ['HIGH'] },
    ],
  };
}
