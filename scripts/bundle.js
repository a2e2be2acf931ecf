import { copyFile, glob } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { rolldown } from 'rolldown';
import { ajv, validate } from '../dist/bundle/manifest-validator.js';

const OTLP_OVER_GRPC = '@opentelemetry/otlp-grpc-exporter-base';

// Joins the compiled service and its packages into a few files: Node takes longer to find and load 2,000 small ones than
// for all the rest of the start. It leaves out two native libraries and the files of Swagger UI, which come from
// node_modules, and the optional packages of Nest.
const bundle = await rolldown({
  input: {
    main: 'dist/main.js',
    'inference-thread.entry': 'dist/model/inference/inference-thread.entry.js',
    'candidate.entry': 'dist/shadow/candidate.entry.js',
    score: 'dist/score/score.entry.js',
    'scoring-thread.entry': 'dist/score/scoring-thread.entry.js',
  },
  platform: 'node',
  resolve: {
    alias: {
      // Its ES modules load gRPC by a `require` that they make themselves, which is not seen here: in an image without
      // node_modules it finds nothing.
      [OTLP_OVER_GRPC]: createRequire(import.meta.url).resolve(OTLP_OVER_GRPC),
      // Of its ES modules only the validators in use are bundled: 1.5 MB less, and a start takes 8 % less CPU time.
      'class-validator': 'class-validator/esm2015/index.js',
    },
  },
  plugins: [
    {
      // Nest's ValidationPipe, which nobody uses here, would keep all validators in the bundle.
      name: "leave out Nest's import of class-validator",
      resolveId: {
        filter: { id: /^class-validator$/ },
        handler: (id, importer) => (/\/@nestjs\/common\//.test(importer) ? { id, external: true } : null),
      },
    },
    {
      name: 'compile the schema of manifests',
      load: {
        filter: { id: /\/dist\/bundle\/manifest-validator\.js$/ },
        handler: () => standaloneCode.default(ajv, validate),
      },
    },
  ],
  external: [
    'onnxruntime-node',
    'swagger-ui-dist',
    '@duckdb/node-bindings',
    /^@nestjs\/(microservices|websockets|sequelize|typeorm|mongoose|axios)/,
    /^@mikro-orm\//,
    '@fastify/static',
    'class-transformer/storage',
    'mongoose',
    'sequelize',
    'typeorm',
  ],
});
await bundle.write({
  dir: 'bundle',
  cleanDir: true,
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
});
await bundle.close();

// They are read from beside the file that reads them.
for await (const path of glob('dist/**/*.proto')) {
  await copyFile(path, join('bundle', basename(path)));
}
