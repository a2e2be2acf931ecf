import type { Customer, Explanation, Model, Prediction, Problem } from './model.js';

/** The contributions that are listed; the others are added up. */
const LISTED_CONTRIBUTIONS = 10;

/** With these the explanation is refused, but the score may be had. */
const WITHOUT_EXPLANATION = [501, 503, 504];

/** A problem that the service answered with. */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

export interface Score {
  readonly prediction: Prediction;
  readonly explanation?: Explanation;
  /** Why there is no explanation. */
  readonly refusal?: Refusal;
}

/** Asks the service, with the API key once one was entered. */
export class Requests {
  private key = '';

  useKey(key: string): void {
    this.key = key;
  }

  async model(): Promise<Model> {
    return (await this.ask('model')) as Model;
  }

  /** The score with its reasons, or the score alone where there are none. */
  async score(customer: Customer, signal: AbortSignal): Promise<Score> {
    const call = { method: 'POST', body: JSON.stringify(customer), signal };
    try {
      const answer = await this.ask(`predict/explain?top=${LISTED_CONTRIBUTIONS}`, call);
      const explanation = answer as Explanation;
      return { prediction: explanation, explanation };
    } catch (refusal) {
      if (!(refusal instanceof Refusal) || !WITHOUT_EXPLANATION.includes(refusal.problem.status)) {
        throw refusal;
      }
      return { prediction: (await this.ask('predict', call)) as Prediction, refusal };
    }
  }

  private async ask(path: string, call: RequestInit = {}): Promise<unknown> {
    const headers = {
      'Content-Type': 'application/json',
      ...(this.key !== '' && { 'X-API-Key': this.key }),
    };
    const response = await fetch(path, { ...call, headers });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) {
      return answer;
    }
    const { status } = response;
    const unnamed = { code: 'unknown', detail: `The service answered with status ${status}.` };
    throw new Refusal({ ...unnamed, ...(answer as Partial<Problem> | undefined), status });
  }
}
