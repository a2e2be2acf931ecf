/** What a scrape is answered: the metrics of this process, or of all workers. */
export abstract class MetricsReport {
  /** In Prometheus' text format. */
  abstract text(): Promise<string>;
}
