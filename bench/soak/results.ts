import { describeMachine } from '../machine.js';
import { figure, type Table, tableToMarkdown, times } from '../report.js';
import { RULE, type Verdict } from './flatness.js';
import type { Sample } from './recorder.js';
import type { Kind } from './traffic.js';

/** What a run was, all of whose answers were right. */
export interface Soak {
  readonly kinds: readonly Kind[];
  readonly requestCount: number;
  readonly answerCount: number;
  readonly seconds: number;
  readonly samples: readonly Sample[];
  /** Open files and sockets without any client. */
  readonly handlesBefore: number;
  readonly handlesAfter: number;
}

/** One sentence on correctness and handles. */
export function summary(soak: Soak): string {
  const { requestCount, answerCount, seconds, handlesBefore, handlesAfter } = soak;
  const count = (value: number): string => value.toLocaleString('en-US');
  return (
    `${count(requestCount)} requests in ${figure(seconds)} s. ${count(answerCount)} were answered, each of them with the ` +
    `right status and the right text; the clients of the other ${count(requestCount - answerCount)} did not wait. ` +
    `Open files and sockets without any client: ${handlesBefore} before, ${handlesAfter} after.`
  );
}

export function toMarkdown(soak: Soak, verdicts: readonly Verdict[]): string {
  return [
    '# Soak results',
    'Written by `npm run soak`. [README.md](README.md#soak) says what it does.',
    describeMachine(),
    summary(soak),
    tableToMarkdown(verdictTable(verdicts)),
    RULE,
    '![The course of each figure](../docs/images/soak.svg)',
    tableToMarkdown([
      ['Requests', 'Share'],
      ...soak.kinds.map(({ name, percent }) => [name, `${percent} %`]),
    ]) + '\n',
  ].join('\n\n');
}

function verdictTable(verdicts: readonly Verdict[]): Table {
  return [
    ['Figure', 'Second fifth', 'Last fifth', 'Last over second', 'Bound', 'Flat'],
    ...verdicts.map(({ vital: { name, unit, bound }, early, late, isFlat }) => [
      name,
      figure(early, unit),
      figure(late, unit),
      times(late / early),
      bound === undefined ? '-' : `${bound[0]} ${bound[1]}x`,
      isFlat === undefined ? '-' : isFlat ? 'yes' : 'NO',
    ]),
  ];
}
