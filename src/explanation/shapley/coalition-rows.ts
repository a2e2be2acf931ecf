import type { FeatureTable } from '../../model/feature-table.js';

/** Rows that take some columns from a customer and the others from background rows. Numbers come first, then texts. */
export class CoalitionRows {
  private readonly numberCount: number;
  private readonly textCount: number;
  private readonly numbers: Float64Array;
  private readonly texts: string[];
  private row = -1;

  constructor(
    private readonly customer: FeatureTable,
    private readonly background: FeatureTable,
    private readonly rowCount: number,
  ) {
    this.numberCount = customer.numbers.length;
    this.textCount = customer.texts.length;
    this.numbers = new Float64Array(rowCount * this.numberCount);
    this.texts = new Array<string>(rowCount * this.textCount);
  }

  /** Adds the customer. */
  addCustomer(): void {
    this.add(this.customer, 0);
  }

  /** Adds a background row, of which `takeFromCustomer` changes columns. */
  addBackground(row: number): void {
    this.add(this.background, row);
  }

  takeFromCustomer(column: number): void {
    if (column < this.numberCount) {
      this.numbers[this.row * this.numberCount + column] = this.customer.numbers[column] ?? NaN;
    } else {
      const text = column - this.numberCount;
      this.texts[this.row * this.textCount + text] = this.customer.texts[text] ?? '';
    }
  }

  toTable(): FeatureTable {
    return { rowCount: this.rowCount, numbers: this.numbers, texts: this.texts };
  }

  private add({ numbers, texts }: FeatureTable, row: number): void {
    this.row++;
    const { numberCount, textCount } = this;
    for (let column = 0; column < numberCount; column++) {
      this.numbers[this.row * numberCount + column] = numbers[row * numberCount + column] ?? NaN;
    }
    for (let column = 0; column < textCount; column++) {
      this.texts[this.row * textCount + column] = texts[row * textCount + column] ?? '';
    }
  }
}

/**
 * The columns in which a customer differs from each background row. The others contribute nothing: no coalition of them
 * changes the row.
 *
 * Rows with the same columns share a list. A list for each row would live until the explanation is done, and would be most of
 * what V8's collector has to move.
 */
export function gamesOf(customer: FeatureTable, background: FeatureTable): readonly (readonly number[])[] {
  const lists = new Map<number, readonly number[]>();
  return Array.from({ length: background.rowCount }, (_, row) => {
    const columns = differingColumns(customer, background, row);
    const hash = columns.reduce((sum, column) => (31 * sum + column + 1) | 0, 0);
    const known = lists.get(hash);
    if (known?.length === columns.length && known.every((column, index) => column === columns[index])) {
      return known;
    }
    lists.set(hash, columns);
    return columns;
  });
}

function differingColumns(customer: FeatureTable, background: FeatureTable, row: number): number[] {
  const columns: number[] = [];
  const numberCount = customer.numbers.length;
  customer.numbers.forEach((value, column) => {
    if (!Object.is(value, background.numbers[row * numberCount + column])) {
      columns.push(column);
    }
  });
  customer.texts.forEach((text, column) => {
    if (text !== background.texts[row * customer.texts.length + column]) {
      columns.push(numberCount + column);
    }
  });
  return columns;
}
