import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ModelManifest, parseManifest } from './model-manifest.js';

const TEXT = readFileSync('models/churn_model.manifest.json', 'utf8');

/** The bundled manifest with some of its keys changed, or removed where the value is undefined. */
function changed(change: (manifest: ModelManifest) => Record<string, unknown>): string {
  const manifest = JSON.parse(TEXT) as ModelManifest;
  return JSON.stringify({ ...manifest, ...change(manifest) });
}

describe('parseManifest', () => {
  it('reads the bundled manifest', () => {
    expect(parseManifest(TEXT, 'm.json').features).toHaveLength(5);
  });

  it.each(Object.keys(JSON.parse(TEXT) as object))('names the key %s if it is missing', (key) => {
    expect(() =>
      parseManifest(
        changed(() => ({ [key]: undefined })),
        'm.json',
      ),
    ).toThrow(new RegExp(`Where: m\\.json\\. .*required property '${key}'`));
  });

  it('names the place of a value of the wrong type', () => {
    expect(() =>
      parseManifest(
        changed(() => ({ tolerance: '0.1' })),
        'm.json',
      ),
    ).toThrow('/tolerance must be number');
  });

  it('refuses another format', () => {
    expect(() =>
      parseManifest(
        changed(() => ({ format_version: 2 })),
        'm.json',
      ),
    ).toThrow('/format_version');
  });

  it('refuses fewer than 64 golden rows', () => {
    expect(() =>
      parseManifest(
        changed(({ golden_rows }) => ({ golden_rows: golden_rows.slice(0, 63) })),
        'm.json',
      ),
    ).toThrow('/golden_rows must NOT have fewer than 64 items');
  });

  it('refuses text that is not JSON', () => {
    expect(() => parseManifest('{"format_version": 1', 'm.json')).toThrow(/Expected: JSON\. Found: /);
  });

  it('refuses a feature that is stated twice', () => {
    expect(() =>
      parseManifest(
        changed(({ features }) => ({ features: [...features, features[0]] })),
        'm.json',
      ),
    ).toThrow('tenure_months twice');
  });

  it('refuses a golden row without each feature', () => {
    expect(() =>
      parseManifest(
        changed(({ golden_rows }) => ({
          golden_rows: [...golden_rows, { features: { tenure_months: 1 }, probability: 0.5 }],
        })),
        'm.json',
      ),
    ).toThrow(/in each golden row\. Found: tenure_months in row \d+/);
  });

  it('refuses a medium threshold above the high one', () => {
    expect(() =>
      parseManifest(
        changed(() => ({ thresholds: { decision: 0.5, medium: 0.8, high: 0.7 } })),
        'm.json',
      ),
    ).toThrow('0.8 > 0.7');
  });
});
