/** The answer to a scrape: the metrics of this process, or of all workers. */
export abstract class MetricsReport {
  /** In Prometheus' text format. */
  abstract text(): Promise<string>;
}
