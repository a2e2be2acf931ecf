import { expect } from 'vitest';
import type { Customer } from '../../src/bundle/feature.js';
import type { DriftReportDto } from '../../src/monitoring/dto/drift-report.dto.js';
import type { DriftWindowDto } from '../../src/monitoring/dto/drift-window.dto.js';
import { post, request } from './http.js';
import type { Service } from './service.js';

export async function driftOf(service: Service): Promise<DriftReportDto> {
  // On a connection of its own, which keeps no worker that retires.
  const { status, body } = await request(`${service.url}/model/drift`, { headers: { Connection: 'close' } });
  expect(status).toBe(200);
  return body as unknown as DriftReportDto;
}

export async function lastHour(service: Service): Promise<DriftWindowDto> {
  const [hour] = (await driftOf(service)).windows;
  if (hour === undefined) {
    throw new Error('The report has no window.');
  }
  return hour;
}

export async function score(service: Service, customers: readonly Customer[]): Promise<void> {
  for (let start = 0; start < customers.length; start += 100) {
    const batch = { customers: customers.slice(start, start + 100) };
    const { status } = await post(`${service.url}/predict/batch`, batch, { Connection: 'close' });
    expect(status).toBe(200);
  }
}
