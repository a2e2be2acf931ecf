import { DuckDBInstance } from '@duckdb/node-api';

/** DuckDB alone: reads a CSV file, and writes its rows. */
const [, , source = '', target = ''] = process.argv;
const connection = await (await DuckDBInstance.create()).connect();
await connection.run(`COPY (FROM read_csv('${source}')) TO '${target}' (HEADER)`);
process.exit();
