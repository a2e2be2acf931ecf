import { spawnSync } from 'node:child_process';

/** A program that these tests need beside Node.js. */
export interface Tool {
  readonly command: string;
  /** The command that installs it. */
  readonly installation: string;
}

export interface ToolRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @throws {Error} that says how to install the tool, if it is missing */
export function runTool(
  { command, installation }: Tool,
  parameters: readonly string[],
  { folder = '.', input = '' } = {},
): ToolRun {
  const { error, status, stdout, stderr } = spawnSync(command, parameters, {
    cwd: folder,
    input,
    encoding: 'utf8',
  });
  if (error !== undefined || stderr.includes('ModuleNotFoundError')) {
    throw new Error(`These tests need ${command}, which this command installs: ${installation}`, {
      cause: error ?? stderr,
    });
  }
  return { exitCode: status, stdout, stderr };
}
