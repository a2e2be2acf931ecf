import { forbidTelemetry } from '../config/forbid-telemetry.js';
import { loadSettings, SettingsError } from '../config/load-settings.js';
import { HELP, parseOptions } from './options.js';
import { inThousands, rowsPerSecond } from './progress.js';
import { score } from './score.js';
import { EXIT_CODES, ScoreError } from './score-error.js';

/** `npm run score`: scores a file, says so on standard error, and ends with the code of the outcome. */

const EXIT_CODE_OF_SIGNAL = { SIGINT: EXIT_CODES.interrupted, SIGTERM: EXIT_CODES.terminated };

forbidTelemetry();

const interruption = new AbortController();
let signalExitCode: number | undefined;
for (const [signal, exitCode] of Object.entries(EXIT_CODE_OF_SIGNAL)) {
  process.on(signal, () => {
    signalExitCode = exitCode;
    interruption.abort();
  });
}

async function run(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(HELP);
    return EXIT_CODES.allScored;
  }
  const startedAtMs = performance.now();
  const outcome = await score(options, {
    settings: loadSettings(),
    signal: interruption.signal,
    screen: process.stderr,
  });
  const elapsedMs = performance.now() - startedAtMs;
  const { scored, refused, version } = outcome;
  const rows = scored + refused;
  tell(
    `${inThousands(rows)} rows in ${(elapsedMs / 1000).toFixed(1)} s (${inThousands(rowsPerSecond(rows, elapsedMs))} rows/s): ` +
      `${inThousands(scored)} scored by model ${version}, ${inThousands(refused)} refused`,
  );
  return refused === 0 ? EXIT_CODES.allScored : EXIT_CODES.someRefused;
}

function exitCodeOf(error: unknown): number {
  if (signalExitCode !== undefined) {
    tell('Interrupted: nothing was written');
    return signalExitCode;
  }
  tell((error as Error).message);
  if (error instanceof ScoreError) {
    return error.exitCode;
  }
  return error instanceof SettingsError ? EXIT_CODES.usage : EXIT_CODES.failure;
}

function tell(message: string): void {
  process.stderr.write(`${message}\n`);
}

process.exit(await run().catch(exitCodeOf));
