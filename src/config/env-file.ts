import { isUtf8 } from 'node:buffer';
import { parseEnv } from 'node:util';
import { isSettingName, nearestSettingName } from './setting-names.js';

export interface EnvFile {
  readonly variables: Readonly<Record<string, string>>;
  /** What is wrong, and where. Values may be secrets, so they are not shown. */
  readonly faults: readonly string[];
}

const BYTE_ORDER_MARK = '\uFEFF';

/** Variables that others read: OpenTelemetry's SDK, Node, and Docker Compose, which reads the same file `.env`. */
const OF_OTHERS = /^(OTEL_\w+|NODE_ENV|TZ|COMPOSE_\w+|DOCKER_\w+)$/;

/** An assignment, which has a name and may have several lines in quotes; a comment; a blank line; or else a fault. */
const STATEMENTS =
  /[ \t]*(?:#.*|(?:export +)?(?<name>[A-Za-z_][\w.-]*)[ \t]*=[ \t]*(?:[^\s"'`].*|(?:"[^"]*"|'[^']*'|`[^`]*`)[ \t]*(?:#.*)?)?)?(?:\r?\n|$)|(?<fault>[^\n]*)(?:\n|$)/g;

/**
 * Reads what a file `.env` holds. Node's parser alone would skip a line that is not an assignment, and read a byte order
 * mark as a part of the first name.
 */
export function readEnvFile(bytes: Buffer): EnvFile {
  const text = bytes.toString();
  if (!isUtf8(bytes) || text.includes('\0')) {
    return { variables: {}, faults: ['it is not UTF-8 text; save it as UTF-8'] };
  }
  if (text.startsWith(BYTE_ORDER_MARK)) {
    return { variables: {}, faults: ['it begins with a byte order mark; save it as UTF-8 without one'] };
  }
  const variables: Record<string, string> = {};
  const faults: string[] = [];
  let line = 1;
  for (const { 0: statement, groups = {} } of text.matchAll(STATEMENTS)) {
    const { name, fault } = groups;
    if (fault !== undefined) {
      faults.push(`line ${line} is neither NAME=value nor NAME="value"`);
    } else if (name !== undefined && !isSettingName(name) && !OF_OTHERS.test(name)) {
      faults.push(`line ${line}: ${name} is not a setting; the nearest is ${nearestSettingName(name)}`);
    }
    Object.assign(variables, parseEnv(statement));
    line += statement.split('\n').length - 1;
  }
  return { variables, faults };
}
