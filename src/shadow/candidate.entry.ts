import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { readModelBundle } from '../bundle/model-bundle.js';
import { loadCandidate } from '../model/candidate-model.js';
import { missingManifest } from '../model/missing-manifest.js';
import type { CandidateAnswer, CandidateOrder } from './candidate-protocol.js';

/** Runs in a process of its own: proves the candidate, and scores the rows that it is given, until its service ends. */

const [, , path = '', digest, allowUnverified] = process.argv;

function tell(answer: CandidateAnswer): void {
  process.send?.(answer);
}

/** The service has the processor first, and the memory last. */
function giveWay(): void {
  setPriority(constants.priority.PRIORITY_LOW);
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Only Linux has it.
  }
}

process.on('disconnect', () => {
  process.exit();
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
  // A terminal sends them to all its processes. The service ends this one.
  process.on(signal, () => undefined);
}
giveWay();
try {
  const bundle = await readModelBundle(path, {
    allowUnverified: allowUnverified === 'true',
    missingManifest,
  });
  if (bundle.digest !== digest) {
    throw new Error(
      `The bundle of ${path} has changed since the service read it. Restart the service, or its workers by SIGHUP, for the new one.`,
    );
  }
  const forwardPass = await loadCandidate(bundle);
  process.on('message', ({ table }: CandidateOrder) => {
    const startedAtMs = performance.now();
    forwardPass(table).then(
      (probabilities) => {
        tell({ kind: 'scores', probabilities, passMs: performance.now() - startedAtMs });
      },
      (error: unknown) => {
        tell({ kind: 'failure', reason: (error as Error).message });
      },
    );
  });
  tell({ kind: 'ready' });
} catch (error) {
  tell({ kind: 'refused', reason: (error as Error).message });
}
