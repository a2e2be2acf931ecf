/** A name as an identifier of SQL. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as a literal of SQL. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A path as a literal for DuckDB's readers, which take it for a pattern. */
export function sqlPattern(path: string): string {
  return sqlText(path.replace(/[*?[]/g, '[$&]'));
}

/** A list of expressions, one a line. */
export function sqlList(expressions: readonly string[]): string {
  return expressions.join(',\n');
}
