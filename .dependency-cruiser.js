/** Who may lean on whom. The rooms are described in docs/architecture.md. */
const room = (/** @type {string} */ name) => `^src/${name}/`;

/** The rooms that each room may import from, besides itself. */
const LEANS_ON = {
  config: [],
  bundle: [],
  backoff: [],
  instruments: [],
  tracing: ['config'],
  http: ['config', 'instruments', 'tracing'],
  log: ['config', 'backoff', 'http'],
  openapi: ['http', 'config'],
  access: ['config', 'http'],
  metrics: ['config', 'instruments', 'openapi'],
  model: ['config', 'instruments', 'backoff', 'bundle'],
  prediction: ['config', 'instruments', 'http', 'openapi', 'bundle', 'model'],
  explanation: ['config', 'instruments', 'http', 'openapi', 'bundle', 'model', 'prediction'],
  'inference-protocol': [
    ...['config', 'http', 'access', 'tracing', 'openapi', 'bundle', 'model', 'prediction', 'explanation'],
  ],
  bulk: ['config', 'instruments', 'http', 'openapi', 'bundle', 'model', 'prediction'],
  monitoring: ['instruments', 'openapi', 'bundle', 'model', 'prediction'],
  shadow: ['config', 'instruments', 'backoff', 'openapi', 'metrics', 'bundle', 'model', 'prediction'],
  'prediction-log': ['config', 'instruments', 'http', 'log', 'bundle', 'model', 'prediction', 'shadow'],
  'model-info': ['config', 'http', 'openapi', 'bundle', 'model', 'shadow'],
  'what-if': ['openapi'],
  score: ['config', 'bundle', 'model', 'prediction'],
  health: ['config', 'http', 'openapi', 'model'],
};

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...Object.entries(LEANS_ON).map(([name, others]) => ({
      name: `what-${name}-leans-on`,
      severity: /** @type {const} */ ('error'),
      from: { path: room(name) },
      to: { path: '^src/', pathNot: [name, ...others].map(room) },
    })),
    {
      name: 'a-room-that-says-what-it-leans-on',
      comment:
        'A new room needs an entry in LEANS_ON. process and the two files of src put all rooms together.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: ['process', ...Object.keys(LEANS_ON)].map(room) },
      to: { path: '.' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-cycles-between-rooms',
      severity: 'error',
      scope: 'folder',
      from: { path: '^src/[^/]+$' },
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports is dead, unless it is where the program starts.',
      severity: 'error',
      from: { orphan: true, pathNot: '^src/main\\.ts$' },
      to: {},
    },
    {
      name: 'cluster-starts-lean',
      comment:
        'A supervisor serves nothing, and does without the memory of Nest and onnxruntime. It adds up what instruments counted.',
      severity: 'error',
      from: { path: '^src/process/cluster/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/process/cluster/',
          ...['config', 'log', 'backoff', 'bundle', 'instruments'].map(room),
        ],
      },
    },
    {
      name: 'only-process-knows-the-cluster',
      severity: 'error',
      from: { pathNot: '^src/(process/|main\\.ts$)' },
      to: { path: '(^src/process/cluster/|^(node:)?cluster$)' },
    },
    {
      name: 'only-model-knows-onnx',
      severity: 'error',
      from: { pathNot: room('model') },
      to: { path: 'onnxruntime-node' },
    },
    {
      name: 'model-has-no-http-library',
      severity: 'error',
      from: { path: room('model') },
      to: { path: '(platform-express|/express/|class-validator|class-transformer)' },
    },
    {
      name: 'nobody-reaches-into-the-inference-room',
      severity: 'error',
      from: { pathNot: room('model') },
      to: { path: '^src/model/inference/' },
    },
    {
      name: 'only-tracing-knows-open-telemetry',
      severity: 'error',
      from: { pathNot: room('tracing') },
      to: { path: '@opentelemetry/' },
    },
    {
      name: 'grpc-is-loaded-when-it-is-wanted',
      comment: 'Only its folder imports the library, and only the dynamic import of its module reaches that.',
      severity: 'error',
      from: { pathNot: '^src/inference-protocol/grpc/' },
      to: {
        path: '(^src/inference-protocol/grpc/|@grpc/)',
        dependencyTypesNot: ['type-only', 'dynamic-import'],
      },
    },
    {
      name: 'only-dtos-controllers-and-openapi-know-swagger',
      severity: 'error',
      from: { pathNot: `(${room('openapi')}|/dto/|\\.controller\\.ts$)` },
      to: { path: '@nestjs/swagger' },
    },
    {
      name: 'production-code-uses-production-dependencies',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        // The image of the service does without it, and has no part that needs it.
        pathNot: '@duckdb/',
      },
    },
    {
      name: 'only-score-knows-duckdb',
      severity: 'error',
      from: { pathNot: room('score') },
      to: { path: '@duckdb/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
