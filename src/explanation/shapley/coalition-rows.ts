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
 * The columns in which a customer differs from a background row. The others contribute nothing: no coalition of them
 * changes the row.
 */
export function differingColumns(customer: FeatureTable, background: FeatureTable, row: number): number[] {
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
