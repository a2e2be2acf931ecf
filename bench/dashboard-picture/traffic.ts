import { setTimeout as sleep } from 'node:timers/promises';

/** A day, shortened: its load rises and falls, and at its peak there is more than the service takes. */
const DAY_SECONDS = 150;
const MOST_CALLERS = 24;
const PEAK = { fromSecond: 70, toSecond: 85, callers: 160 };
const PAUSE_MS = 5;
const BATCH_ROWS = 20;

/** Resolves when the day is over. */
export async function sendDay(url: string): Promise<void> {
  const startedAtMs = performance.now();
  const second = (): number => (performance.now() - startedAtMs) / 1000;
  const caller = async (index: number): Promise<void> => {
    while (second() < DAY_SECONDS) {
      if (index < callersAt(second())) {
        await send(url, index);
        await sleep(PAUSE_MS);
      } else {
        await sleep(500);
      }
    }
  };
  await Promise.all(Array.from({ length: PEAK.callers }, (_, index) => caller(index)));
}

function callersAt(second: number): number {
  if (second >= PEAK.fromSecond && second < PEAK.toSecond) {
    return PEAK.callers;
  }
  return MOST_CALLERS * Math.sin((Math.PI * second) / DAY_SECONDS) ** 2;
}

/** Every caller has habits: one in four sends batches, one in twelve makes mistakes. */
async function send(url: string, caller: number): Promise<void> {
  const isBatch = caller % 4 === 1;
  const customers = Array.from({ length: isBatch ? BATCH_ROWS : 1 }, customer);
  if (caller % 12 === 5) {
    Object.assign(customers[0] ?? {}, { tenure_months: -1 });
  }
  const response = await fetch(`${url}/predict${isBatch ? '/batch' : ''}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(isBatch ? { customers } : customers[0]),
  });
  await response.text();
}

/** Roughly as in training. */
function customer(): Record<string, number> {
  const tenureMonths = Math.min(120, Math.floor(-34 * Math.log(1 - Math.random())));
  const monthlyCharges = 20 + 80 * Math.random();
  return {
    tenure_months: tenureMonths,
    monthly_charges: Math.round(monthlyCharges * 100) / 100,
    total_charges: Math.round(tenureMonths * monthlyCharges * 100) / 100,
    num_products: 1 + Math.floor(3 * Math.random()),
    has_support_calls: Math.random() < 0.25 ? 1 : 0,
  };
}
