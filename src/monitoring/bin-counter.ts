import type { FeatureTable, TableLayout } from '../model/feature-table.js';
import { BinSearch } from '../instruments/bin-search.js';
import type { DriftBins } from './bins/drift-bins.js';

/** A column of the table, and where the counts of its bins begin. */
interface Column {
  readonly position: number;
  readonly offset: number;
}

interface NumberColumn extends Column {
  readonly search: BinSearch;
  readonly missing: number;
}

/** Of categories that the table has as numbers. */
interface CodeColumn extends Column {
  readonly binOf: Int32Array;
}

interface TextColumn extends Column {
  readonly binOf: ReadonlyMap<string, number>;
  readonly unknown: number;
}

/** Counts rows by the bins of their features and of their score. All counts stand in one array, feature by feature. */
export class BinCounter {
  readonly features: Float64Array;
  readonly scores: Float64Array;
  private readonly numberColumns: readonly NumberColumn[];
  private readonly codeColumns: readonly CodeColumn[];
  private readonly textColumns: readonly TextColumn[];
  private readonly scoreSearch: BinSearch | undefined;

  /** @param layout of the tables that will be counted */
  constructor({ features, scores }: DriftBins, layout: TableLayout) {
    const numbers = new Map(layout.numbers.map(({ name, codes }, position) => [name, { position, codes }]));
    const texts = new Map(layout.texts.map(({ name }, position) => [name, position]));
    const numberColumns: NumberColumn[] = [];
    const codeColumns: CodeColumn[] = [];
    const textColumns: TextColumn[] = [];
    let offset = 0;
    for (const { name, bins } of features) {
      const { position = NaN, codes } = numbers.get(name) ?? {};
      if (bins.type === 'numbers') {
        const search = new BinSearch(bins.lowerBounds);
        numberColumns.push({ position, offset, search, missing: bins.missing });
      } else if (codes !== undefined) {
        const { binOf, unknown, missing } = bins;
        codeColumns.push({ position, offset, binOf: codes.spread(binOf, unknown, missing) });
      } else {
        const { binOf, unknown } = bins;
        textColumns.push({ position: texts.get(name) ?? NaN, offset, binOf, unknown });
      }
      offset += bins.bins.length;
    }
    this.features = new Float64Array(offset);
    this.scores = new Float64Array(scores?.bins.length ?? 0);
    this.numberColumns = numberColumns;
    this.codeColumns = codeColumns;
    this.textColumns = textColumns;
    this.scoreSearch = scores && new BinSearch(scores.lowerBounds);
  }

  count({ rowCount, numbers, texts }: FeatureTable, probabilities: Float64Array): void {
    const numberWidth = numbers.length / rowCount;
    const { features } = this;
    for (const { position, offset, search, missing } of this.numberColumns) {
      search.count({ cells: numbers, first: position, width: numberWidth }, features, offset, missing);
    }
    for (const { position, offset, binOf } of this.codeColumns) {
      for (let index = position; index < numbers.length; index += numberWidth) {
        increment(features, offset + (binOf[numbers[index] ?? 0] ?? 0));
      }
    }
    const textWidth = texts.length / rowCount;
    for (const { position, offset, binOf, unknown } of this.textColumns) {
      for (let index = position; index < texts.length; index += textWidth) {
        increment(features, offset + (binOf.get(texts[index] ?? '') ?? unknown));
      }
    }
    this.scoreSearch?.count({ cells: probabilities, first: 0, width: 1 }, this.scores, 0, 0);
  }
}

function increment(counts: Float64Array, index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}
