/** Values of a scrape by the names of their metrics. */
export class Samples {
  private readonly values = new Map<string, number>();

  /** @param text in Prometheus' text format */
  constructor(text: string) {
    for (const line of text.split('\n')) {
      const end = line.lastIndexOf(' ');
      if (end > 0 && !line.startsWith('#')) {
        this.values.set(line.slice(0, end), Number(line.slice(end + 1)));
      }
    }
  }

  /** @param series as the scrape names it, such as `rows_total{outcome="failed"}` @returns 0 if there is none */
  valueOf(series: string): number {
    return this.values.get(series) ?? 0;
  }
}
