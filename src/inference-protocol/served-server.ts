import { SERVICE_VERSION } from '../config/service-version.js';

/** What the protocol says of the server. */
export const SERVER = {
  name: 'churn-model-api',
  version: SERVICE_VERSION,
  extensions: ['binary_tensor_data'],
};
