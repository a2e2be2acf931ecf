import { styleText } from 'node:util';
import { SERVICE_VERSION } from '../config/service-version.js';
import type { Settings } from '../config/settings.js';
import { workerCount } from '../config/worker-count.js';
import type { LoadedModel } from '../model/model-loader.js';

export interface Start {
  readonly url: string;
  /** Absent without gRPC. */
  readonly grpcAddress: string | undefined;
  readonly model: LoadedModel;
  /** Whether callers need an API key. */
  readonly areKeysRequired: boolean;
  readonly settings: Settings;
}

/** Tells the person who started the service what it serves, where, and to whom. It holds no secret. */
export function startSummary(start: Start): string {
  const { url, grpcAddress, model } = start;
  const rows = [
    ['Model', modelText(model)],
    ['Docs', pathText(start, '/docs', start.settings.docsAccess)],
    ['Health', `${url}/health`],
    ...(grpcAddress === undefined ? [] : [['gRPC', grpcAddress]]),
    ['Metrics', pathText(start, '/metrics', start.settings.metricsAccess)],
    ['Process', processText(start)],
    ['Callers', callersText(start)],
  ];
  const lines = rows.map(([label = '', text = '']) => `    ${styleText('dim', label.padEnd(9))}${text}`);
  return `\n  ${styleText('bold', `Churn model API ${SERVICE_VERSION} at ${url}`)}\n\n${lines.join('\n')}\n\n`;
}

function modelText({ name, version, verification }: LoadedModel): string {
  return verification === undefined
    ? `${name} ${version}, ${styleText('yellow', 'not verified: it has no golden rows')}`
    : `${name} ${version}, proven on ${verification.goldenRowCount} golden rows (worst difference ${verification.worstDifference.toExponential(0)})`;
}

function pathText({ url }: Start, path: string, access: Settings['docsAccess']): string {
  if (access === 'off') {
    return 'off';
  }
  return access === 'key' ? `${url}${path} (needs an API key)` : url + path;
}

function processText({ model, settings }: Start): string {
  const workers = workerCount(settings);
  const { threadCount } = model.plan;
  const processes = workers === 1 ? 'one process' : `${workers} workers`;
  if (threadCount === 0) {
    return `${processes}, forward passes on the event loop`;
  }
  const threads = threadCount === 1 ? 'one inference thread' : `${threadCount} inference threads`;
  return `${processes}, ${threads}${workers === 1 ? '' : ' each'}`;
}

function callersText({ areKeysRequired, settings }: Start): string {
  const { rateLimitRequests, rateLimitWindowMs } = settings;
  const who = areKeysRequired ? 'callers with an API key' : 'anyone, since no API keys are set';
  const howOften =
    rateLimitRequests === 0
      ? 'no rate limit'
      : `${rateLimitRequests} requests in ${rateLimitWindowMs / 1000} s at most`;
  return `${who}; ${howOften}`;
}
