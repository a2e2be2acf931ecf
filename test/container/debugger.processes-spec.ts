import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HIGH_RISK_CUSTOMER, post } from '../support/http.js';
import { startService } from '../support/service.js';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const commandOfImage = /^CMD (\[.*\])$/m.exec(readFileSync('Dockerfile', 'utf8'))?.[1] ?? '[]';

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'the image': JSON.parse(commandOfImage) as string[],
  'npm start': scripts['start']?.split(' ') ?? [],
  'npm run start:prod': scripts['start:prod']?.split(' ') ?? [],
};
const CASES = Object.entries(COMMANDS).flatMap(([name, command]) =>
  ['1', '2'].map((WORKERS) => ({ name, nodeOptions: command.slice(1, -1), WORKERS })),
);

describe('SIGUSR1', () => {
  it.each(CASES)('opens no debugger in $name with WORKERS=$WORKERS', async ({ nodeOptions, WORKERS }) => {
    const service = await startService({ WORKERS }, undefined, { nodeOptions });
    await service.process.lineCount(({ msg }) => msg === 'listening', Number(WORKERS));
    const pids = new Set(service.process.lines.map(({ pid }) => Number(pid)).concat(service.process.pid));
    expect(pids.size).toBe(WORKERS === '1' ? 1 : 3);
    pids.forEach((pid) => process.kill(pid, 'SIGUSR1'));
    expect((await post(`${service.url}/predict`, HIGH_RISK_CUSTOMER)).status).toBe(200);
    expect(await service.stop()).toBe(0);
    expect(service.process.noise).toEqual([]);
  });
});
