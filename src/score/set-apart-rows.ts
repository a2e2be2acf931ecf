import type { DuckDBAppender, DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type FunctionOptions, registerSettingApart } from './score-functions.js';
import { usageError } from './score-error.js';
import { sqlList, sqlName } from './sql-text.js';

const TABLE = 'set_apart';
const NUMBER = 'row';

/** Refused rows that do not stand in the answer. DuckDB keeps them, in a file if they are many. */
export class SetApartRows {
  private constructor(
    private readonly kept: readonly string[],
    private readonly appender: DuckDBAppender,
  ) {}

  /** Registers the function that sets a row apart. */
  static async start(
    { database, connection }: { readonly database: DuckDBInstance; readonly connection: DuckDBConnection },
    kept: readonly string[],
    options: FunctionOptions,
  ): Promise<SetApartRows> {
    if (kept.includes(NUMBER)) {
      throw usageError(
        `--errors writes the number of a row as ${NUMBER}, so a column of that name cannot be kept.`,
      );
    }
    const columns = [
      `${NUMBER} BIGINT`,
      ...kept.map((_name, index) => `kept_${index} VARCHAR`),
      'errors VARCHAR',
    ];
    await connection.run(`CREATE TABLE ${TABLE} (${columns.join(', ')})`);
    // It appends while the first connection is at work.
    const appender = await (await database.connect()).createAppender(TABLE);
    registerSettingApart(connection, appender, kept.length, options);
    return new SetApartRows(kept, appender);
  }

  /** @returns the query of all rows that were set apart */
  finish(): string {
    this.appender.closeSync();
    const columns = [
      NUMBER,
      ...this.kept.map((name, index) => `kept_${index} AS ${sqlName(name)}`),
      'errors',
    ];
    return `SELECT ${sqlList(columns)} FROM ${TABLE} ORDER BY ${NUMBER}`;
  }
}
