import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { HIGH_RISK_CUSTOMER } from './http.js';

const BODY = JSON.stringify(HIGH_RISK_CUSTOMER);
const PAUSE_MS = 2;

/** How often each outcome occurred: a status, with the text if it is not a success, or the code of an error. */
export type Outcomes = ReadonlyMap<string, number>;

/** Callers that ask for single predictions again and again, over kept-alive connections and new ones. */
export class ConstantLoad {
  private readonly outcomes = new Map<string, number>();
  private readonly callers: Promise<void>[];
  private isEnding = false;

  constructor(
    private readonly url: string,
    callerCount: number,
  ) {
    this.callers = Array.from({ length: callerCount }, (_, index) => this.call(index % 2 === 0));
  }

  /** How often this outcome was seen so far. */
  countOf(outcome: string): number {
    return this.outcomes.get(outcome) ?? 0;
  }

  /** Resolves when the last answers are there. */
  async end(): Promise<Outcomes> {
    this.isEnding = true;
    await Promise.all(this.callers);
    return this.outcomes;
  }

  private async call(keepAlive: boolean): Promise<void> {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    while (!this.isEnding) {
      const outcome = await ask(`${this.url}/predict`, agent);
      this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
      await sleep(PAUSE_MS);
    }
    agent.destroy();
  }
}

async function ask(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': BODY.length };
    request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('close', () => {
        const { statusCode = NaN, complete } = response;
        resolve(!complete ? 'cut off' : statusCode === 200 ? '200' : `${statusCode} ${text}`);
      });
    })
      .once('error', (error: NodeJS.ErrnoException) => {
        resolve(error.code ?? error.message);
      })
      .end(BODY);
  });
}
