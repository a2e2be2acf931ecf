import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import openapiTS, { astToString } from 'openapi-typescript';

// Writes the types of a service's API: of the one at the given address, or else of one that serves MODEL_PATH. With --check it
// writes nothing, and fails if the types are others.
const ROOT = join(import.meta.dirname, '../..');
const TARGET = join(import.meta.dirname, '../src/api.ts');
const HEADER = '// Generated from the OpenAPI document of the service by `npm run types -w client`.\n\n';

const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [url] = positionals;
const text = await (url === undefined ? readFromOwn() : read(url));
const types = HEADER + astToString(await openapiTS(JSON.parse(text)));
if (!values.check) {
  writeFileSync(TARGET, types);
} else if (types !== readFileSync(TARGET, 'utf8')) {
  console.error('The types are stale; run `npm run types -w client`.');
  process.exitCode = 1;
}

async function read(address) {
  const response = await fetch(new URL('/docs-json', address));
  if (!response.ok) {
    throw new Error(`${response.url} answered ${response.status}; DOCS_ACCESS must be open.`);
  }
  return response.text();
}

async function readFromOwn() {
  const service = spawn(process.execPath, ['bundle/main.js'], {
    cwd: ROOT,
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: '0',
      WORKERS: '1',
      LOG_FORMAT: 'json',
      SHUTDOWN_DELAY_MS: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    for await (const text of createInterface(service.stdout)) {
      const line = JSON.parse(text);
      if (line.msg === 'listening') {
        return await read(line.url);
      }
      if (line.level === 'fatal') {
        throw new Error(`The service did not start: ${text}`);
      }
    }
    throw new Error('The service did not start; build it with `npm run build`.');
  } finally {
    service.kill();
  }
}
