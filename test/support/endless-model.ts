import { fixtureManifest, readFixture, writeBundle } from './bundle.js';
import { HIGH_RISK_CUSTOMER } from './http.js';
import { type Environment, type Service, startService } from './service.js';

/** Of the fixture `endless_at_tenure_100`: its pass never ends. */
export const ENDLESS_CUSTOMER = { ...HIGH_RISK_CUSTOMER, tenure_months: 100 };

/** Starts a service whose only inference thread an endless customer occupies for ever. */
export async function startWithEndlessModel(environment: Environment = {}): Promise<Service> {
  const model = readFixture('endless_at_tenure_100');
  return startService({
    MODEL_PATH: writeBundle({ model, manifest: fixtureManifest(model) }),
    INFERENCE_THREADS: '1',
    STALL_TIMEOUT_MS: '600000',
    SHUTDOWN_TIMEOUT_MS: '0',
    ...environment,
  });
}
