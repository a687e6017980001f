# syntax=docker/dockerfile:1
# The server: built with the packages of the build, run with those that serve alone, by a user without rights, on a root that
# may be read-only. It writes to /data (RECOGRAPH_DATA) and, where a command needs one, to a temporary folder; mount both.
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-bookworm-slim AS manifest
WORKDIR /app
COPY package.json package-lock.json .npmrc ./

FROM manifest AS build
COPY scripts/package.json scripts/
RUN npm ci --omit=dev --no-progress
COPY scripts scripts
COPY kernels kernels
COPY resolvers resolvers
COPY src src
RUN npm run build

FROM manifest AS packages
COPY infra/docker/serving-packages.mjs infra/docker/
# The optional peers are of use here: Azure Blob, managed identities, Application Insights.
RUN node infra/docker/serving-packages.mjs && npm ci --omit=dev --no-progress

FROM node:${NODE_VERSION}-bookworm-slim AS serve
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=4000 \
    METRICS_HOST=0.0.0.0 \
    METRICS_PORT=9464 \
    RECOGRAPH_DATA=/data
WORKDIR /app
RUN install --directory --owner=node --group=node --mode=0700 /data
COPY --from=packages /app/package.json ./
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY schema.graphql ./
COPY test/operations test/operations
# By number, so that a cluster can see that it is not root.
USER 1000:1000
EXPOSE 4000 9464
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/src/main.js"]
CMD ["serve"]
