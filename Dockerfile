FROM node:26-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# npm ci installs what the lock file has, and that has the workspace.
COPY client/package.json client/
# onnxruntime-node brings a library for each platform: over 250 MB, of which one is used.
RUN npm ci \
  && cd node_modules/onnxruntime-node/bin/napi-v6 \
  && find . -mindepth 2 -maxdepth 2 -not -path "./$(node -p 'process.platform + "/" + process.arch')" \
    -exec rm -r {} +
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
RUN npm run build

# `docker build --target score` makes the image of `npm run score`. It has DuckDB, which the service does without.
FROM node:26-bookworm-slim AS score
ENV NODE_ENV=production
WORKDIR /app
COPY package.json ./
COPY --from=build /app/node_modules/onnxruntime-common node_modules/onnxruntime-common
COPY --from=build /app/node_modules/onnxruntime-node node_modules/onnxruntime-node
COPY --from=build /app/node_modules/@duckdb node_modules/@duckdb
COPY --from=build /app/node_modules/detect-libc node_modules/detect-libc
COPY --from=build /app/bundle bundle
COPY models models
USER node
ENTRYPOINT ["node", "bundle/score.js"]

FROM node:26-bookworm-slim
ENV NODE_ENV=production
# By default glibc keeps what onnxruntime takes while it makes a session: of a large model, as much again as the session.
ENV MALLOC_MMAP_THRESHOLD_=65536
WORKDIR /app
COPY package.json ./
# Packages that are not in the bundle.
COPY --from=build /app/node_modules/onnxruntime-common node_modules/onnxruntime-common
COPY --from=build /app/node_modules/onnxruntime-node node_modules/onnxruntime-node
COPY --from=build /app/node_modules/swagger-ui-dist node_modules/swagger-ui-dist
COPY --from=build /app/public public
COPY --from=build /app/bundle bundle
COPY models models
USER node
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "require(process.env.TLS_CERTIFICATE_PATH ? 'https' : 'http').get({ port: process.env.PORT || 8000, path: '/health/ready', rejectUnauthorized: false }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
# In a container with little memory V8 would make its young generation as small as 1 MiB, and the service a third as fast.
CMD ["node", "--disable-sigusr1", "--max-semi-space-size=16", "bundle/main.js"]
