import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { onTestFinished } from 'vitest';
import type { Environment } from './service.js';

const CTRL_C = '\u0003';

/**
 * Starts the service on a terminal of 80 columns, and ends it by Ctrl-C once it has printed this.
 *
 * @returns its exit code, and all that it printed
 */
export async function runOnTerminal(
  environment: Environment,
  pattern: RegExp,
): Promise<{ exitCode: unknown; output: string; lines: string[] }> {
  const { PATH = '' } = process.env;
  const command = `stty cols 80; echo pid $$; exec "${process.execPath}" bundle/main.js`;
  const terminal = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { PATH, SHELL: '/bin/sh', HOST: '127.0.0.1', PORT: '0', ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  onTestFinished(() => {
    if (terminal.exitCode === null) {
      // The service leads a session of its own, so that it would go on.
      process.kill(-Number(/pid (\d+)/.exec(output)?.[1]), 'SIGKILL');
    }
  });
  terminal.stdout.setEncoding('utf8').on('data', (data: string) => {
    const isSaid = pattern.test(output);
    output += data;
    if (!isSaid && pattern.test(output)) {
      terminal.stdin.write(CTRL_C);
    }
  });
  const [exitCode] = (await once(terminal, 'close')) as unknown[];
  return { exitCode, output, lines: stripVTControlCharacters(output).split('\r\n') };
}
