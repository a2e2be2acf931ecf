/** Fields that stand elsewhere in the line, or that tell a person at a terminal nothing. */
const LEFT_OUT = new Set(['level', 'time', 'msg', 'err', 'service', 'pid', 'context']);

/** The width of the prefix: `[12:34:56.789] FATAL: `. */
const PREFIX_COLUMNS = 23;
const INDENT = '    ';

/** All but the line feed. A terminal would obey them. */
// oxlint-disable-next-line no-control-regex -- It is to find them.
const CONTROL_CHARACTERS = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/g;

export interface TextLineOptions {
  /** Columns of the terminal; words that do not fit go into a further line. */
  readonly columns: number;
  /** Makes the fields stand back behind the message. */
  readonly dim: (text: string) => string;
}

/** The message of a log line, its fields as `name=value`, and the stack of its error. */
export function textLine(line: Readonly<Record<string, unknown>>, { columns, dim }: TextLineOptions): string {
  const { msg, err } = line;
  const message = withoutControl(typeof msg === 'string' ? msg : '').split(' ');
  const fields = Object.entries(line)
    .filter(([name]) => !LEFT_OUT.has(name))
    .map(([name, value]) => withoutControl(`${name}=${valueText(value)}`));
  let column = PREFIX_COLUMNS;
  let text = '';
  for (const [index, word] of [...message, ...fields].entries()) {
    const isTooLong = index > 0 && column + 1 + word.length > columns;
    const space = index === 0 ? '' : isTooLong ? `\n${INDENT}` : ' ';
    text += space + (index < message.length ? word : dim(word));
    const start = isTooLong ? INDENT.length : column + space.length;
    const lineEnd = word.lastIndexOf('\n');
    column = lineEnd === -1 ? start + word.length : word.length - lineEnd - 1;
  }
  return text + stackText(err);
}

/** As it is, if that leaves no doubt where it ends. */
function valueText(value: unknown): string {
  return typeof value === 'string' && /^\S+$/.test(value) ? value : JSON.stringify(value);
}

function stackText(error: unknown): string {
  const { stack } = (error ?? {}) as { stack?: string };
  return stack === undefined ? '' : withoutControl(`\n${stack}`).replaceAll('\n', `\n${INDENT}`);
}

function withoutControl(text: string): string {
  return text.replaceAll(CONTROL_CHARACTERS, '');
}
