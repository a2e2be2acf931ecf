import { performance } from 'node:perf_hooks';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import { SERVICE_VERSION } from '../config/service-version.js';
import { durationBounds } from '../instruments/duration-bounds.js';
import { HistogramMetric } from '../instruments/histogram-metric.js';
import { totalCounter } from '../instruments/total-counter.js';

const DELAY_INTERVAL_MS = 100;

/**
 * prom-client's metrics that we leave out. The lags are quantiles of one process since the last scrape, which mean nothing
 * for several processes or scrapers. Listing the active handles takes longer the more connections are open.
 */
const LEFT_OUT = /^nodejs_(eventloop_lag|active)_/;

/**
 * Registers the metrics of any process: its version, CPU time, memory, files, garbage collection, the event loop and the
 * log.
 */
export function collectProcessMetrics(registry: Registry, log: { readonly droppedLines: number }): void {
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray()) {
    if (LEFT_OUT.test(name)) {
      registry.removeSingleMetric(name);
    }
  }
  keepStartTime(registry);
  registerBuildInfo(registry);
  collectEventLoopDelay(registry);
  totalCounter(registry, {
    name: 'nodejs_eventloop_busy_seconds_total',
    help: 'Time in which the event loop had something to do; of a second, 1 at most in each process.',
    total: () => performance.eventLoopUtilization().active / 1000,
  });
  totalCounter(registry, {
    name: 'log_lines_dropped_total',
    help: 'Log lines that were lost, because nobody read them or the disk was full.',
    total: () => log.droppedLines,
  });
}

/** Of several processes the supervisor's, which began first; prom-client would leave it out. */
function keepStartTime(registry: Registry): void {
  Object.assign(registry.getSingleMetric('process_start_time_seconds') ?? {}, { aggregator: 'min' });
}

/** All processes are of the same build, so the aggregate is one of them. */
function registerBuildInfo(registry: Registry): void {
  new Gauge({
    name: 'build_info',
    help: 'The version of the service and of the Node.js that runs it; always 1.',
    labelNames: ['version', 'node_version'],
    aggregator: 'max',
    registers: [registry],
  }).set({ version: SERVICE_VERSION, node_version: process.versions.node }, 1);
}

function collectEventLoopDelay(registry: Registry): void {
  const delays = new HistogramMetric(registry, {
    name: 'nodejs_eventloop_delay_seconds',
    help: `How late a timer of ${DELAY_INTERVAL_MS} ms comes.`,
    upperBounds: durationBounds(0.001),
  }).labels();
  let dueAtMs = performance.now() + DELAY_INTERVAL_MS;
  setInterval(() => {
    const nowMs = performance.now();
    delays.observe(Math.max(0, nowMs - dueAtMs) / 1000);
    dueAtMs = nowMs + DELAY_INTERVAL_MS;
  }, DELAY_INTERVAL_MS).unref();
}
