import { Ajv } from 'ajv';
import type { ModelManifest } from './manifest.js';
import schema from './manifest.schema.json' with { type: 'json' };

/** Keeps the code that it makes, for the build. */
export const ajv = new Ajv({
  allErrors: true,
  allowUnionTypes: true,
  discriminator: true,
  code: { source: true, esm: true },
});

/** Making its code takes a quarter of a start, so `scripts/bundle.js` puts the finished code in the place of this module. */
export const validate = ajv.compile<ModelManifest>(schema);
