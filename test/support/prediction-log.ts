import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

export interface PredictionRecord {
  readonly time: string;
  readonly request_id: string;
  readonly row: number;
  readonly caller: string | null;
  readonly model_version: string;
  readonly model_sha256: string;
  readonly id?: string | number;
  readonly features: Readonly<Record<string, unknown>>;
  readonly probability: number;
  readonly prediction: boolean;
  readonly risk_tier: string;
  readonly shadow?: {
    readonly model_version: string;
    readonly model_sha256: string;
    readonly probability: number;
  };
}

/** A folder that is not there yet, and is removed after the test. */
export function newLogFolder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'churn-predictions-'));
  onTestFinished(() => {
    rmSync(parent, { recursive: true });
  });
  return join(parent, 'log');
}

/** All rows that the files hold, in the order of the files' names. Fails if a file ends in half a line. */
export function recordsIn(folder: string): PredictionRecord[] {
  return readdirSync(folder)
    .toSorted()
    .flatMap((name) => {
      const bytes = readFileSync(join(folder, name));
      const lines = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().split('\n');
      if (lines.pop() !== '') {
        throw new Error(`${name} ends in half a line.`);
      }
      return lines.map((line) => JSON.parse(line) as PredictionRecord);
    });
}
