import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { EXIT_CODES, ScoreError } from './score-error.js';
import type {
  CodedRows,
  ProvenModel,
  ThreadAnswer,
  ThreadOrder,
  ThreadProgram,
  ThreadStart,
} from './thread-protocol.js';

const ENTRY = new URL('./scoring-thread.entry.js', import.meta.url);

/** For a pass of at most 2,048 rows. A thread that ran out of memory never answers. */
const LONGEST_ANSWER_MS = 120_000;

/** A thread for each of these that a pass of CHUNK_ROWS rows takes; at 1 ms one thread scores two million rows a second. */
const LONGEST_LONE_PASS_MS = 1;

type Settings = Pick<ThreadProgram, 'modelPath' | 'allowUnverified'>;
type Thread = Pick<ThreadProgram, 'port' | 'orderCount' | 'answerCount'>;

/**
 * Threads that score rows, each with a proven session of its own. The main thread waits for them while they do: DuckDB
 * takes the answer of a function when the function returns.
 */
export class ScoringThreads {
  private constructor(
    private readonly threads: readonly Thread[],
    readonly model: ProvenModel,
  ) {}

  /** @throws {ScoreError} if the model must not score anything */
  static async start(settings: Settings, mostThreads: number): Promise<ScoringThreads> {
    const first = await startThread(settings);
    // One thread of a light model scores more rows than DuckDB reads and writes.
    const threadCount = Math.min(mostThreads, Math.ceil(first.passMs / LONGEST_LONE_PASS_MS));
    const others = await Promise.all(Array.from({ length: threadCount - 1 }, () => startThread(settings)));
    if (others.some(({ model }) => model.sha256 !== first.model.sha256)) {
      throw new ScoreError(EXIT_CODES.badModel, 'The model file changed while it was read. Start again.');
    }
    return new ScoringThreads(
      [first, ...others].map(({ thread }) => thread),
      first.model,
    );
  }

  /**
   * @param rows whose memory may go to a thread
   * @returns the probability of each row, or REFUSED, in their order: the parts of the threads
   */
  score(rows: CodedRows): readonly Float64Array[] {
    const sliceRows = Math.ceil(rows.rowCount / this.threads.length);
    const asked = this.threads.flatMap((thread, index) => {
      const start = index * sliceRows;
      const end = Math.min(start + sliceRows, rows.rowCount);
      if (start >= end) {
        return [];
      }
      const part = slice(rows, start, end);
      order(thread, { kind: 'score', rows: part }, buffersOf(part));
      return [thread];
    });
    // All are awaited, also if one fails: a process that ends while a pass runs aborts.
    return asked.map(awaitAnswer).map((answer) => expectKind(answer, 'probabilities').probabilities);
  }

  /** @returns for each row what is wrong with it */
  errorsOf(request: Omit<Extract<ThreadOrder, { kind: 'errors' }>, 'kind'>): readonly string[] {
    const [thread] = this.threads;
    if (thread === undefined) {
      throw new Error('There is no scoring thread.');
    }
    order(thread, { kind: 'errors', ...request });
    return expectKind(awaitAnswer(thread), 'errors').texts;
  }
}

async function startThread(
  settings: Settings,
): Promise<{ thread: Thread; model: ProvenModel; passMs: number }> {
  const { port1: port, port2 } = new MessageChannel();
  const [orderCount, answerCount] = [sharedCount(), sharedCount()];
  const workerData: ThreadProgram = { ...settings, port: port2, orderCount, answerCount };
  const worker = new Worker(ENTRY, { workerData, transferList: [port2] });
  const message = await new Promise<ThreadStart>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  if (message.kind === 'refused') {
    throw new ScoreError(EXIT_CODES.badModel, message.reason);
  }
  // The process ends when the file is written.
  worker.unref();
  return { thread: { port, orderCount, answerCount }, model: message.model, passMs: message.passMs };
}

function sharedCount(): ThreadProgram['orderCount'] {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** @param buffers of the message that go to the thread instead of copies */
function order({ port, orderCount }: Thread, message: ThreadOrder, buffers: ArrayBuffer[] = []): void {
  port.postMessage(message, buffers);
  Atomics.add(orderCount, 0, 1);
  Atomics.notify(orderCount, 0);
}

function awaitAnswer({ port, orderCount, answerCount }: Thread): ThreadAnswer {
  const ordered = Atomics.load(orderCount, 0);
  while (Atomics.load(answerCount, 0) < ordered) {
    if (Atomics.wait(answerCount, 0, ordered - 1, LONGEST_ANSWER_MS) === 'timed-out') {
      throw new Error(`A scoring thread did not answer within ${LONGEST_ANSWER_MS} ms.`);
    }
  }
  return (receiveMessageOnPort(port) as { message: ThreadAnswer }).message;
}

function expectKind<Kind extends ThreadAnswer['kind']>(
  answer: ThreadAnswer,
  kind: Kind,
): Extract<ThreadAnswer, { kind: Kind }> {
  if (answer.kind !== kind) {
    throw new Error(answer.kind === 'failure' ? answer.message : `A thread answered ${answer.kind}.`);
  }
  return answer as Extract<ThreadAnswer, { kind: Kind }>;
}

/** A part of a typed array is sent as the whole that it is part of, unless it is copied. */
function slice(rows: CodedRows, start: number, end: number): CodedRows {
  if (end - start === rows.rowCount) {
    return rows;
  }
  const { numbers, categories } = rows;
  return {
    rowCount: end - start,
    numbers: numbers.map((column) => column.slice(start, end)),
    categories: categories.map(({ codes, others }) => ({ codes: codes.slice(start, end), others })),
  };
}

function buffersOf({ numbers, categories }: CodedRows): ArrayBuffer[] {
  return [...numbers, ...categories.map(({ codes }) => codes)].map(({ buffer }) => buffer as ArrayBuffer);
}
