import { describe, expect, it } from 'vitest';
import { settingDescriptions } from './setting.decorators.js';
import { settingNameMeantBy } from './setting-names.js';

describe('settingNameMeantBy', () => {
  it.each([
    ['API_KEY_FILE', 'API_KEYS_FILE'],
    ['api_keys_file', 'API_KEYS_FILE'],
    ['API-KEYS-FILE', 'API_KEYS_FILE'],
    ['API_KYES_FILE', 'API_KEYS_FILE'],
    ['APIKEYS', 'API_KEYS'],
    ['Port', 'PORT'],
    ['WORKER', 'WORKERS'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['RATE_LIMIT_REQUEST', 'RATE_LIMIT_REQUESTS'],
    ['REQUEST_TIMEOUT', 'REQUEST_TIMEOUT_MS'],
    ['OTEL_EXPORTER_OTLP_ENDPIONT', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  ])('takes %s for %s', (name, setting) => {
    expect(settingNameMeantBy(name)).toBe(setting);
  });

  it('does not mistake a setting for another', () => {
    expect(settingDescriptions.filter(({ name }) => settingNameMeantBy(name) !== undefined)).toEqual([]);
  });

  it.each([
    ...[
      'HOSTNAME',
      'HOSTTYPE',
      'PATH',
      'MANPATH',
      'PWD',
      'OLDPWD',
      'HOME',
      'USER',
      'LOGNAME',
      'MAIL',
      'TERM',
      'SHELL',
    ],
    ...['SHLVL', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'EDITOR', 'PAGER', 'LOG', '_'],
    ...[
      'NODE_PATH',
      'NODE_ENV',
      'NODE_OPTIONS',
      'NODE_VERSION',
      'NODE_EXTRA_CA_CERTS',
      'YARN_VERSION',
      'UV_THREADPOOL_SIZE',
    ],
    ...[
      'HTTP_PROXY',
      'https_proxy',
      'NO_PROXY',
      'SSL_CERT_FILE',
      'INIT_CWD',
      'npm_config_loglevel',
      'npm_lifecycle_event',
    ],
    ...[
      'KUBERNETES_PORT',
      'KUBERNETES_SERVICE_HOST',
      'KUBERNETES_SERVICE_PORT',
      'KUBERNETES_PORT_443_TCP_ADDR',
    ],
    ...[
      'REDIS_HOST',
      'REDIS_PORT',
      'A_PORT',
      'DB_HOST',
      'PGHOST',
      'PGPORT',
      'PORT1',
      'PORTS',
      'HOSTS',
      'WORKERS_PORT',
    ],
    ...['LOG_PORT', 'MODEL_PORT', 'METRICS_PORT', 'RATE_LIMIT_SERVICE_HOST', 'DOCKER_HOST', 'POST', 'SPORT'],
    ...['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TIMEOUT', 'OTEL_EXPORTER_OTLP_PROTOCOL'],
    ...[
      'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
      'OTEL_EXPORTER_ZIPKIN_ENDPOINT',
      'OTEL_EXPORTER_JAEGER_ENDPOINT',
    ],
    ...[
      'OTEL_EXPORTER_OTLP_INSECURE',
      'OTEL_EXPORTER_OTLP_COMPRESSION',
      'OTEL_LOG_LEVEL',
      'OTEL_SERVICE_NAME',
    ],
    ...['APP_KEY', 'SECRET_KEY', 'AWS_SECRET_ACCESS_KEY', 'GITHUB_WORKSPACE', 'WEB_CONCURRENCY', 'DYNO'],
  ])('does not take %s for a misspelt setting', (name) => {
    expect(settingNameMeantBy(name)).toBeUndefined();
  });
});
