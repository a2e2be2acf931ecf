import { rmSync } from 'node:fs';
import { build } from 'esbuild';

// Joins the compiled service and its packages into a few files: Node takes longer to find and load 2,000 small ones than
// for all the rest of the start. What is left out comes from node_modules: a native library, the files of Swagger UI, and
// what Nest would use if it were installed.
rmSync('bundle', { recursive: true, force: true });
await build({
  entryPoints: ['dist/main.js', 'dist/model/inference/inference-thread.entry.js'],
  outdir: 'bundle',
  entryNames: '[name]',
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // Nest and the log name things by their classes.
  keepNames: true,
  legalComments: 'linked',
  external: [
    'onnxruntime-node',
    'swagger-ui-dist',
    '@nestjs/microservices',
    '@nestjs/websockets',
    '@nestjs/sequelize',
    '@nestjs/typeorm',
    '@nestjs/mongoose',
    '@nestjs/axios',
    '@mikro-orm/core',
    '@grpc/grpc-js',
    '@grpc/proto-loader',
    '@fastify/static',
    'class-transformer/storage',
    'mongoose',
    'sequelize',
    'typeorm',
  ],
  banner: {
    // CommonJS packages require Node's own modules.
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  logLevel: 'warning',
});
