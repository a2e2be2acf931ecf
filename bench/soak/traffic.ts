import {
  askInTurn,
  type HttpAnswer,
  HttpConnection,
  requestBytes,
  WrongAnswerError,
} from '../http-connection.js';
import { type Kind, KINDS, type SoakRequest } from './kinds.js';

export interface Progress {
  requestCount: number;
  answerCount: number;
}

/** A request, and the answer that it must get each time. */
interface Exchange {
  readonly name: string;
  readonly bytes: Buffer;
  readonly answer: string;
}

/** Its exchanges are made in turn. */
interface ProvenKind extends Kind {
  readonly exchanges: readonly Exchange[];
}

/** What differs from answer to answer, in the form that it must have. */
const VARYING =
  /"(?:request_id":"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"|(?:latency_ms|uptime_seconds)":\d+(?:\.\d+)?(?=[,}]))/g;
/** Of the body of a client that leaves in it. */
const MISSING_BYTES = 100;

/** The kinds, once the service has given the right answer to each request. @throws {WrongAnswerError} */
export async function provenKinds(url: string): Promise<ProvenKind[]> {
  const all: ProvenKind[] = [];
  for (const kind of KINDS) {
    const answers = await askInTurn(url, kind.requests);
    const exchanges = kind.requests.map((request, index) => exchangeOf(url, request, answers[index]));
    all.push({ ...kind, exchanges });
  }
  return all;
}

function exchangeOf(url: string, request: SoakRequest, answer?: HttpAnswer): Exchange {
  const { method, path, body = '', status, part } = request;
  const name = `${method} ${path} ${body.slice(0, 60)}`;
  if (answer?.status !== status || !answer.body.includes(part)) {
    throw wrongAnswer(name, `${status} … ${part} …`, answer === undefined ? 'none' : constantText(answer));
  }
  return { name, bytes: requestBytes(url, request), answer: constantText(answer) };
}

/** Has so many clients make requests of these kinds, evenly mixed. @throws {WrongAnswerError} */
export async function sendMixed(
  url: string,
  kinds: readonly ProvenKind[],
  clientCount: number,
  requestCount: number,
  progress: Progress,
): Promise<void> {
  const hundred = evenlyMixed(kinds);
  const runClient = async (): Promise<void> => {
    let connection: HttpConnection | undefined;
    while (progress.requestCount < requestCount) {
      const index = progress.requestCount++;
      // A kind has the same places in each hundred: without their number it would meet a part of its choices only.
      const turn = index + Math.floor(index / 100);
      const { manner, exchanges } = pick(hundred, index);
      const { name, bytes, answer } = pick(exchanges, turn);
      if (manner === 'on a new connection') {
        connection?.close();
        connection = undefined;
      }
      connection ??= await HttpConnection.open(url);
      if (manner === 'leaves in the body' || manner === 'leaves before the answer') {
        const sentLength = bytes.length - (manner === 'leaves in the body' ? MISSING_BYTES : 0);
        connection.send(bytes.subarray(0, sentLength), () => undefined);
        connection[turn % 2 === 0 ? 'close' : 'reset']();
        connection = undefined;
      } else {
        const found = constantText(await connection.ask(bytes));
        if (found !== answer) {
          throw wrongAnswer(name, answer, found);
        }
        progress.answerCount++;
      }
    }
    connection?.close();
  };
  await Promise.all(Array.from({ length: clientCount }, runClient));
}

function wrongAnswer(name: string, expected: string, was: string): WrongAnswerError {
  const [first, second] = [expected, was].map((text) => text.slice(0, 500));
  return new WrongAnswerError(`Wrong answer to ${name}\n  expected: ${first}\n  was: ${second}`);
}

/** Status and body, without what differs from answer to answer. */
function constantText({ status, body }: HttpAnswer): string {
  return `${status} ${body.replace(VARYING, '"…"')}`;
}

/** Each kind as often as its percentage says, at even distances. */
function evenlyMixed(kinds: readonly ProvenKind[]): ProvenKind[] {
  const places = kinds.flatMap((kind) =>
    Array.from({ length: kind.percent }, (_, index) => ({ kind, at: (index + 0.5) / kind.percent })),
  );
  return places.toSorted((a, b) => a.at - b.at).map(({ kind }) => kind);
}

function pick<T>(all: readonly T[], turn: number): T {
  const choice = all[turn % all.length];
  if (choice === undefined) {
    throw new Error('There is nothing to choose from.');
  }
  return choice;
}
