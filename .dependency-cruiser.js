/** Who may lean on whom. The rooms are described in docs/architecture.md. */
const rooms = (/** @type {string} */ names) => `^src/(${names})/`;

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
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
      name: 'only-model-knows-onnx',
      severity: 'error',
      from: { pathNot: rooms('model') },
      to: { path: 'onnxruntime-node' },
    },
    {
      name: 'only-dtos-controllers-and-docs-know-openapi',
      severity: 'error',
      from: { pathNot: '(^src/docs/|/dto/|\\.controller\\.ts$)' },
      to: { path: '@nestjs/swagger' },
    },
    {
      name: 'config-leans-on-nothing',
      severity: 'error',
      from: { path: rooms('config') },
      to: { path: '^src/', pathNot: rooms('config') },
    },
    {
      name: 'cluster-knows-only-the-log-and-the-settings',
      severity: 'error',
      from: { path: rooms('cluster') },
      to: { path: '^src/', pathNot: '^src/(cluster/|config/|common/(log/|growing-delay))' },
    },
    {
      name: 'only-the-start-knows-the-cluster',
      severity: 'error',
      from: { pathNot: '^src/(cluster/|(main|serve|shutdown)\\.ts$)' },
      to: { path: '(^src/cluster/|^(node:)?cluster$)' },
    },
    {
      name: 'common-leans-on-no-feature',
      severity: 'error',
      from: { path: rooms('common') },
      to: { path: '^src/', pathNot: rooms('common|config|metrics|tracing') },
    },
    {
      name: 'tracing-leans-on-nothing',
      severity: 'error',
      from: { path: rooms('tracing') },
      to: { path: '^src/', pathNot: rooms('tracing') },
    },
    {
      name: 'only-tracing-knows-open-telemetry',
      severity: 'error',
      from: { pathNot: rooms('tracing') },
      to: { path: '@opentelemetry/' },
    },
    {
      name: 'metrics-lean-on-no-feature',
      severity: 'error',
      from: { path: rooms('metrics') },
      to: { path: '^src/', pathNot: rooms('metrics|docs|config') },
    },
    {
      name: 'access-leans-on-no-feature',
      severity: 'error',
      from: { path: rooms('access') },
      to: { path: '^src/', pathNot: rooms('access|common|config') },
    },
    {
      name: 'docs-lean-on-no-feature',
      severity: 'error',
      from: { path: rooms('docs') },
      to: { path: '^src/', pathNot: rooms('docs|common|config') },
    },
    {
      name: 'model-knows-no-customer-and-no-http',
      severity: 'error',
      from: { path: rooms('model') },
      to: { path: '^src/', pathNot: '^src/(model/|config/|metrics/|common/growing-delay)' },
    },
    {
      name: 'model-has-no-http-library',
      severity: 'error',
      from: { path: rooms('model') },
      to: { path: '(platform-express|/express/|class-validator|class-transformer)' },
    },
    {
      name: 'prediction-leans-on-model',
      severity: 'error',
      from: { path: rooms('prediction') },
      to: { path: '^src/', pathNot: rooms('prediction|model|metrics|common|config|docs') },
    },
    {
      name: 'health-leans-on-model',
      severity: 'error',
      from: { path: rooms('health') },
      to: { path: '^src/', pathNot: rooms('health|model|common|config|docs') },
    },
    {
      name: 'model-info-leans-on-model',
      severity: 'error',
      from: { path: rooms('model-info') },
      to: { path: '^src/', pathNot: rooms('model-info|model|common|config|docs') },
    },
    {
      name: 'nobody-reaches-into-the-inference-room',
      severity: 'error',
      from: { pathNot: rooms('model') },
      to: { path: '^src/model/inference/' },
    },
    {
      name: 'production-code-uses-production-dependencies',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
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
