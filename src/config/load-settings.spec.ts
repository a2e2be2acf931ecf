import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readEnvFile } from './env-file.js';
import { parseSettings, SettingsError } from './load-settings.js';
import { settingDescriptions } from './setting.decorators.js';
import type { Settings } from './settings.js';

const DEFAULTS: Settings = {
  host: '0.0.0.0',
  port: 8000,
  grpcPort: 'off',
  tlsCertificatePath: '',
  tlsKeyPath: '',
  modelPath: 'models/churn_model.onnx',
  allowUnverifiedModel: false,
  maxBatchRows: 'auto',
  maxQueueRows: 10_000,
  maxInferRows: 10_000,
  explanationRows: 4096,
  maxExplanationQueueRows: 131_072,
  maxBulkStreams: 2,
  bulkIdleTimeoutMs: 60_000,
  inferenceThreads: 'auto',
  workers: 1,
  stallTimeoutMs: 10_000,
  corsOrigins: ['*'],
  apiKeysFile: '',
  apiKeys: '',
  docsAccess: 'open',
  metricsAccess: 'open',
  rateLimitRequests: 0,
  rateLimitWindowMs: 60_000,
  trustProxy: [],
  bodyLimitBytes: 'auto',
  requestTimeoutMs: 10_000,
  explanationTimeoutMs: 10_000,
  maxEventLoopDelayMs: 50,
  maxConnections: 10_000,
  receiveTimeoutMs: 30_000,
  sendTimeoutMs: 10_000,
  keepAliveTimeoutMs: 75_000,
  shutdownDelayMs: 5000,
  shutdownTimeoutMs: 20_000,
  predictionLog: false,
  predictionLogPath: 'prediction-log',
  predictionLogSample: 1,
  predictionLogIdField: '',
  predictionLogFileBytes: 67_108_864,
  predictionLogFileMs: 3_600_000,
  predictionLogTotalBytes: 1_073_741_824,
  shadowModelPath: '',
  shadowSample: 1,
  otelExporterOtlpEndpoint: '',
  logLevel: 'info',
  logFormat: 'auto',
};

const ORIGINS = '*, none, or a comma-separated list of origins such as https://app.example.com';

const TRUSTED_PROXIES =
  'a comma-separated list of addresses, networks such as 10.0.0.0/8 but not of all addresses, and the words loopback, linklocal and uniquelocal';

describe('parseSettings', () => {
  it('takes the default of every setting that is absent', () => {
    expect(parseSettings({})).toEqual(DEFAULTS);
  });

  it('takes an empty variable for an absent one', () => {
    const empty = Object.fromEntries(settingDescriptions.map(({ name }) => [name, '']));
    expect(parseSettings(empty)).toEqual(DEFAULTS);
  });

  it.each([
    ['HOST', '127.0.0.1', 'host', '127.0.0.1'],
    ['PORT', '0', 'port', 0],
    ['PORT', '65535', 'port', 65_535],
    ['GRPC_PORT', 'off', 'grpcPort', 'off'],
    ['GRPC_PORT', '0', 'grpcPort', 0],
    ['GRPC_PORT', '8001', 'grpcPort', 8001],
    ['MODEL_PATH', '/models/a.onnx', 'modelPath', '/models/a.onnx'],
    ['ALLOW_UNVERIFIED_MODEL', 'true', 'allowUnverifiedModel', true],
    [
      'CORS_ORIGINS',
      'https://a.example, http://b:3000',
      'corsOrigins',
      ['https://a.example', 'http://b:3000'],
    ],
    ['CORS_ORIGINS', 'none', 'corsOrigins', []],
    ['API_KEYS_FILE', '/run/secrets/api-keys', 'apiKeysFile', '/run/secrets/api-keys'],
    ['API_KEYS', 'crm:00,app:11', 'apiKeys', 'crm:00,app:11'],
    ['DOCS_ACCESS', 'off', 'docsAccess', 'off'],
    ['METRICS_ACCESS', 'key', 'metricsAccess', 'key'],
    [
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'https://collector:4318/otlp',
      'otelExporterOtlpEndpoint',
      'https://collector:4318/otlp',
    ],
    ['RATE_LIMIT_REQUESTS', '1000000', 'rateLimitRequests', 1_000_000],
    ['RATE_LIMIT_WINDOW_MS', '1000', 'rateLimitWindowMs', 1000],
    [
      'TRUST_PROXY',
      'loopback, 10.0.0.0/8,192.168.1.1,fd00::/8',
      'trustProxy',
      ['loopback', '10.0.0.0/8', '192.168.1.1', 'fd00::/8'],
    ],
    ['MAX_BATCH_ROWS', '100', 'maxBatchRows', 100],
    ['MAX_QUEUE_ROWS', '100', 'maxQueueRows', 100],
    ['MAX_INFER_ROWS', '1000000', 'maxInferRows', 1_000_000],
    ['EXPLANATION_ROWS', '64', 'explanationRows', 64],
    ['MAX_EXPLANATION_QUEUE_ROWS', '1024', 'maxExplanationQueueRows', 1024],
    ['MAX_BULK_STREAMS', '0', 'maxBulkStreams', 0],
    ['BULK_IDLE_TIMEOUT_MS', '1000', 'bulkIdleTimeoutMs', 1000],
    ['EXPLANATION_TIMEOUT_MS', '600000', 'explanationTimeoutMs', 600_000],
    ['INFERENCE_THREADS', '0', 'inferenceThreads', 0],
    ['INFERENCE_THREADS', '64', 'inferenceThreads', 64],
    ['WORKERS', 'auto', 'workers', 'auto'],
    ['WORKERS', '64', 'workers', 64],
    ['STALL_TIMEOUT_MS', '1000', 'stallTimeoutMs', 1000],
    ['BODY_LIMIT_BYTES', '1024', 'bodyLimitBytes', 1024],
    ['BODY_LIMIT_BYTES', '104857600', 'bodyLimitBytes', 104_857_600],
    ['REQUEST_TIMEOUT_MS', '10', 'requestTimeoutMs', 10],
    ['MAX_EVENT_LOOP_DELAY_MS', '10', 'maxEventLoopDelayMs', 10],
    ['MAX_CONNECTIONS', '1000000', 'maxConnections', 1_000_000],
    ['RECEIVE_TIMEOUT_MS', '1000', 'receiveTimeoutMs', 1000],
    ['SEND_TIMEOUT_MS', '1000', 'sendTimeoutMs', 1000],
    ['KEEP_ALIVE_TIMEOUT_MS', '600000', 'keepAliveTimeoutMs', 600_000],
    ['SHUTDOWN_DELAY_MS', '0', 'shutdownDelayMs', 0],
    ['SHUTDOWN_TIMEOUT_MS', '0', 'shutdownTimeoutMs', 0],
    ['PREDICTION_LOG', 'true', 'predictionLog', true],
    ['PREDICTION_LOG_PATH', '/var/lib/predictions', 'predictionLogPath', '/var/lib/predictions'],
    ['PREDICTION_LOG_SAMPLE', '0.05', 'predictionLogSample', 0.05],
    ['PREDICTION_LOG_SAMPLE', '0', 'predictionLogSample', 0],
    ['PREDICTION_LOG_ID_FIELD', 'customer_id', 'predictionLogIdField', 'customer_id'],
    ['PREDICTION_LOG_FILE_BYTES', '4096', 'predictionLogFileBytes', 4096],
    ['PREDICTION_LOG_FILE_MS', '1000', 'predictionLogFileMs', 1000],
    ['PREDICTION_LOG_TOTAL_BYTES', '1099511627776', 'predictionLogTotalBytes', 1_099_511_627_776],
    ['SHADOW_MODEL_PATH', 'next/model.onnx', 'shadowModelPath', 'next/model.onnx'],
    ['SHADOW_SAMPLE', '.5', 'shadowSample', 0.5],
    ['LOG_LEVEL', 'trace', 'logLevel', 'trace'],
    ['LOG_FORMAT', 'pretty', 'logFormat', 'pretty'],
  ] as const)('accepts %s=%s', (name, text, property, value) => {
    expect(parseSettings({ [name]: text })[property]).toEqual(value);
  });

  it.each([
    ['PORT', '-1', 'an integer from 0 to 65535'],
    ['PORT', '65536', 'an integer from 0 to 65535'],
    ['PORT', '8000.5', 'an integer from 0 to 65535'],
    ['PORT', '0x50', 'an integer from 0 to 65535'],
    ['PORT', ' 80', 'an integer from 0 to 65535'],
    ['GRPC_PORT', 'on', 'off or an integer from 0 to 65535'],
    ['GRPC_PORT', '65536', 'off or an integer from 0 to 65535'],
    ['ALLOW_UNVERIFIED_MODEL', 'yes', 'true or false'],
    ['ALLOW_UNVERIFIED_MODEL', 'TRUE', 'true or false'],
    ...[
      'app.example.com',
      'none,https://a.example',
      'https://a.example,',
      'https://a.example/',
      'https://a.example/path',
      'https://a?x',
      'https://a#x',
      'https://user@a.example',
      'https://a.example:443',
      'https://A.example',
      'https://*.example',
      'ftp://a.example',
      'null',
    ].map((text): [string, string, string] => ['CORS_ORIGINS', text, ORIGINS]),
    ['DOCS_ACCESS', 'none', 'one of open, key, off'],
    ['METRICS_ACCESS', 'private', 'one of open, key, off'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'a URL such as http://collector:4318'],
    ['RATE_LIMIT_REQUESTS', '-1', 'an integer from 0 to 1000000 requests'],
    ['RATE_LIMIT_WINDOW_MS', '999', 'an integer from 1000 to 3600000 ms'],
    ...[
      'true',
      '1',
      'proxy.example',
      '10.0.0.0/33',
      '0.0.0.0/0',
      '::/0',
      '::ffff:0:0/0',
      '10.0.0.0/00',
      '::1.2.3.4',
      '::/129',
      '10.0.0.0/8/8',
      '10.0.0.0/',
      'loopback/8',
      'loopback,',
    ].map((text): [string, string, string] => ['TRUST_PROXY', text, TRUSTED_PROXIES]),
    ['MAX_BATCH_ROWS', '99', 'auto or an integer from 100 to 4096 rows'],
    ['MAX_QUEUE_ROWS', '99', 'an integer from 100 to 1000000 rows'],
    ['MAX_INFER_ROWS', '0', 'an integer from 1 to 1000000 rows'],
    ['EXPLANATION_ROWS', '63', 'an integer from 64 to 1000000 rows'],
    ['MAX_EXPLANATION_QUEUE_ROWS', '1023', 'an integer from 1024 to 100000000 rows'],
    ['MAX_BULK_STREAMS', '101', 'an integer from 0 to 100 streams'],
    ['BULK_IDLE_TIMEOUT_MS', '999', 'an integer from 1000 to 3600000 ms'],
    ['EXPLANATION_TIMEOUT_MS', '9', 'an integer from 10 to 600000 ms'],
    ['INFERENCE_THREADS', '-1', 'auto or an integer from 0 to 64 threads'],
    ['INFERENCE_THREADS', 'AUTO', 'auto or an integer from 0 to 64 threads'],
    ['PREDICTION_LOG', '1', 'true or false'],
    ['PREDICTION_LOG_SAMPLE', '1.01', 'a number from 0 to 1'],
    ['PREDICTION_LOG_SAMPLE', '-0.1', 'a number from 0 to 1'],
    ['PREDICTION_LOG_SAMPLE', '10%', 'a number from 0 to 1'],
    ['PREDICTION_LOG_FILE_BYTES', '4095', 'an integer from 4096 to 10737418240 bytes'],
    ['PREDICTION_LOG_FILE_MS', '999', 'an integer from 1000 to 604800000 ms'],
    ['PREDICTION_LOG_TOTAL_BYTES', '1GB', 'an integer from 8192 to 1099511627776 bytes'],
    ['SHADOW_SAMPLE', '2', 'a number from 0 to 1'],
    ['WORKERS', '0', 'auto or an integer from 1 to 64 processes'],
    ['WORKERS', 'max', 'auto or an integer from 1 to 64 processes'],
    ['STALL_TIMEOUT_MS', '999', 'an integer from 1000 to 600000 ms'],
    ['BODY_LIMIT_BYTES', '1023', 'auto or an integer from 1024 to 104857600 bytes'],
    ['BODY_LIMIT_BYTES', '1mb', 'auto or an integer from 1024 to 104857600 bytes'],
    ['REQUEST_TIMEOUT_MS', '9', 'an integer from 10 to 600000 ms'],
    ['MAX_EVENT_LOOP_DELAY_MS', '60001', 'an integer from 10 to 60000 ms'],
    ['MAX_CONNECTIONS', '0', 'an integer from 10 to 1000000 connections'],
    ['RECEIVE_TIMEOUT_MS', '999', 'an integer from 1000 to 600000 ms'],
    ['KEEP_ALIVE_TIMEOUT_MS', '75s', 'an integer from 1000 to 600000 ms'],
    ['SHUTDOWN_DELAY_MS', '-1', 'an integer from 0 to 600000 ms'],
    ['SHUTDOWN_TIMEOUT_MS', '600001', 'an integer from 0 to 600000 ms'],
    ['LOG_LEVEL', 'verbose', 'one of fatal, error, warn, info, debug, trace'],
    ['LOG_FORMAT', 'xml', 'one of auto, json, pretty'],
  ])('refuses %s=%s and says what it must be', (name, text, allowed) => {
    expect(() => parseSettings({ [name]: text })).toThrow(
      new SettingsError(`Invalid settings: ${name} must be ${allowed}, but is ${JSON.stringify(text)}`),
    );
  });

  it('names all offending settings at once', () => {
    expect(() => parseSettings({ PORT: 'x', LOG_LEVEL: 'y', LOG_FORMAT: 'z', HOST: '::1' })).toThrow(
      /PORT .*; LOG_LEVEL .*; LOG_FORMAT /,
    );
  });
});

describe('the documents of the settings', () => {
  it('docs/configuration.md has one row for each, with its default and what it may be', () => {
    const rows = readFileSync('docs/configuration.md', 'utf8')
      .match(/^\| `[A-Z_]+`.*$/gm)
      ?.map((row) => row.replaceAll(/ +/g, ' '));
    expect(rows).toEqual(
      settingDescriptions.map(
        ({ name, default: text, allowed, description }) =>
          `| \`${name}\` | ${text === '' ? 'none' : `\`${text}\``} | ${allowed} | ${description} |`,
      ),
    );
  });

  it('.env.example has each with its default', () => {
    const lines = readFileSync('.env.example', 'utf8').match(/^[A-Z_]+=.*$/gm);
    expect(lines).toEqual(settingDescriptions.map(({ name, default: text }) => `${name}=${text}`));
    expect(readEnvFile(readFileSync('.env.example')).faults).toEqual([]);
  });
});
