import type { RunningContender } from '../contender.js';
import { batchOf, GOLDEN_SINGLES } from '../requests.js';
import type { Caller } from './caller.js';
import { type Exchange, predictionExchange, type Probe, probeExchange } from './exchange.js';
import { BROKEN_JSON, HEALTH_PROBES, INVALID_BATCHES, INVALID_CUSTOMERS, UNKNOWN_PATHS } from './probes.js';

/** One kind of request, and how many of a hundred are of it. */
export interface Kind {
  readonly name: string;
  readonly percent: number;
  /** Makes the request. @param turn by which a kind varies what it sends */
  readonly make: (caller: Caller, turn: number) => Promise<void>;
}

const BATCH_ROWS = Array.from({ length: 99 }, (_, index) => index + 2);

/** All kinds of requests, once the service has given the right answer to each of them. @throws {WrongAnswerError} */
export async function provenTraffic(running: RunningContender): Promise<readonly Kind[]> {
  const singles = await inTurn(GOLDEN_SINGLES, (single) => predictionExchange(running, single));
  const batches = await inTurn(BATCH_ROWS, (rowCount) => predictionExchange(running, batchOf(rowCount)));
  const probes = async (all: readonly Probe[]): Promise<Exchange[]> =>
    inTurn(all, (probe) => probeExchange(running, probe));
  return [
    { name: 'single predictions', percent: 50, make: asking(singles) },
    { name: 'batches of 2 to 100', percent: 14, make: asking(batches) },
    {
      name: 'single predictions on a new connection',
      percent: 4,
      make: async (caller, turn) => {
        caller.hangUp();
        await caller.ask(pick(singles, turn));
      },
    },
    { name: 'invalid customers (422)', percent: 6, make: asking(await probes(INVALID_CUSTOMERS)) },
    { name: 'invalid batches (422)', percent: 2, make: asking(await probes(INVALID_BATCHES)) },
    { name: 'broken or too deep JSON (400)', percent: 4, make: asking(await probes(BROKEN_JSON)) },
    { name: 'unknown paths (404)', percent: 4, make: asking(await probes(UNKNOWN_PATHS)) },
    { name: 'health probes', percent: 8, make: asking(await probes(HEALTH_PROBES)) },
    {
      name: 'clients that leave in the middle of the body',
      percent: 4,
      make: async (caller, turn) => {
        const batch = pick(batches, turn);
        await caller.abandon(batch, batch.request.length - 100, farewell(turn));
      },
    },
    {
      name: 'clients that leave before the answer',
      percent: 4,
      make: (caller, turn) => caller.abandon(pick(batches, turn), undefined, farewell(turn)),
    },
  ];
}

/** Has the callers make so many requests of these kinds, evenly mixed. @throws {WrongAnswerError} */
export async function sendMixed(
  kinds: readonly Kind[],
  callers: readonly Caller[],
  requestCount: number,
): Promise<void> {
  const hundred = evenlyMixed(kinds);
  let nextIndex = 0;
  const makeUntilNoneIsLeft = async (caller: Caller): Promise<void> => {
    while (nextIndex < requestCount) {
      const index = nextIndex++;
      // A kind has the same places in each hundred: without their number it would meet a part of its choices only.
      await pick(hundred, index).make(caller, index + Math.floor(index / 100));
    }
    caller.hangUp();
  };
  await Promise.all(callers.map(makeUntilNoneIsLeft));
}

/** Each kind as often as its percentage says, at even distances. */
function evenlyMixed(kinds: readonly Kind[]): Kind[] {
  return kinds
    .flatMap((kind) =>
      Array.from({ length: kind.percent }, (_, index) => ({ kind, at: (index + 0.5) / kind.percent })),
    )
    .toSorted((a, b) => a.at - b.at)
    .map(({ kind }) => kind);
}

function asking(exchanges: readonly Exchange[]): Kind['make'] {
  return (caller, turn) => caller.ask(pick(exchanges, turn));
}

/** Half of those who leave close their connection, half reset it. */
function farewell(turn: number): 'close' | 'reset' {
  return turn % 2 === 0 ? 'close' : 'reset';
}

function pick<T>(all: readonly T[], turn: number): T {
  const choice = all[turn % all.length];
  if (choice === undefined) {
    throw new Error('There is nothing to choose from.');
  }
  return choice;
}

async function inTurn<T, R>(all: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of all) {
    results.push(await work(item));
  }
  return results;
}
