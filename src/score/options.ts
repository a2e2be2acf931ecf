import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type FileFormat, formatOf, KNOWN_FORMATS } from './file-format.js';
import { usageError } from './score-error.js';

/** Stands for standard input or output. */
export const PIPE = '-';

export interface ScoreFile {
  readonly path: string;
  readonly format: FileFormat;
}

export interface ScoreOptions {
  readonly input: ScoreFile;
  readonly output: ScoreFile;
  /** The columns that are copied into the answer; all without it. */
  readonly keep: readonly string[] | undefined;
  /** Where refused rows are written, instead of into the answer. */
  readonly errors: ScoreFile | undefined;
  /** An SQL condition on the columns of the input. */
  readonly where: string | undefined;
}

export const HELP = `Scores the customers of a file with the model of MODEL_PATH.

npm run score -- [options] INPUT OUTPUT

INPUT and OUTPUT are files, or - for a pipe. Their endings state the formats:
.csv, .ndjson or .jsonl, also with .gz or .zst; .parquet

--keep COLUMNS     copy these columns into the answer, comma-separated; all without it, none with --keep ''
--where CONDITION  score only the rows that fulfil this SQL condition, such as "tenure_months >= 12"
--errors FILE      write refused rows into this file, and not into the answer
--from FORMAT      format of INPUT, such as csv.gz, where its name does not state it
--to FORMAT        format of OUTPUT, where its name does not state it
--help             show this

Exit codes: 0 all rows are scored, 1 failure, 2 wrong options or settings, 3 some rows are refused,
4 a file cannot be read or written, 5 the model is not proven, 130 or 143 interrupted by SIGINT or SIGTERM.
`;

/**
 * @returns 'help' if that is asked for
 * @throws {ScoreError} if the arguments cannot be followed
 */
export function parseOptions(parameters: readonly string[]): ScoreOptions | 'help' {
  const { values, positionals } = parse(parameters);
  if (values.help === true) {
    return 'help';
  }
  const [input, output, ...others] = positionals;
  if (input === undefined || output === undefined || others.length > 0) {
    throw usageError(
      `An input and an output are needed, but ${positionals.length} files are named. See --help.`,
    );
  }
  const options = {
    input: { path: input, format: formatFor(input, 'from', values.from) },
    output: { path: output, format: formatFor(output, 'to', values.to) },
    keep: values.keep
      ?.flatMap((names) => names.split(','))
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    errors:
      values.errors === undefined
        ? undefined
        : { path: values.errors, format: formatFor(values.errors, 'errors') },
    where: values.where,
  };
  requireDifferentFiles(options);
  return options;
}

function parse(parameters: readonly string[]): ReturnType<typeof parseKnown> {
  try {
    return parseKnown(parameters);
  } catch (error) {
    throw usageError(`${(error as Error).message}. See --help.`);
  }
}

// oxlint-disable-next-line typescript/explicit-function-return-type -- parseArgs infers it from its options
function parseKnown(parameters: readonly string[]) {
  return parseArgs({
    args: [...parameters],
    allowPositionals: true,
    options: {
      keep: { type: 'string', multiple: true },
      where: { type: 'string' },
      errors: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
}

function formatFor(path: string, option: 'from' | 'to' | 'errors', stated?: string): FileFormat {
  if (option === 'errors' && path === PIPE) {
    throw usageError('--errors must name a file, but is a pipe.');
  }
  const format = stated === undefined ? formatOf(path) : formatOf(stated);
  if (format !== undefined) {
    return format;
  }
  if (stated !== undefined) {
    throw usageError(`--${option} must be ${KNOWN_FORMATS}, but is ${JSON.stringify(stated)}.`);
  }
  const name = path === PIPE ? 'A pipe' : `The name ${JSON.stringify(path)}`;
  const remedy = option === 'errors' ? 'end it in' : `state it by --${option}:`;
  throw usageError(`${name} does not tell a format: ${remedy} ${KNOWN_FORMATS}.`);
}

function requireDifferentFiles({ input, output, errors }: ScoreOptions): void {
  const paths = [input, output, errors]
    .filter((file) => file !== undefined && file.path !== PIPE)
    .map((file) => resolve(file?.path ?? ''));
  if (new Set(paths).size < paths.length) {
    throw usageError('INPUT, OUTPUT and --errors must be different files.');
  }
}
