# One image for every process of Quittance; its first argument says which: docs/containers.md.

# For a release give both with their digest: --build-arg NODE=node:24.21.0-bookworm-slim@sha256:…
# NODE builds, and its node binary runs. BASE has to hold glibc, libstdc++ and nothing else.
ARG NODE=node:24.21.0-bookworm-slim
ARG BASE=gcr.io/distroless/cc-debian12:nonroot

FROM ${NODE} AS packages
WORKDIR /build
COPY package.json package-lock.json .npmrc ./

# What the processes need when they run. A registry of your own: --secret id=npmrc,src=$HOME/.npmrc
FROM packages AS production
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY container/slim.mjs container/
RUN node container/slim.mjs node_modules
# Every layer is made here, whole, with times of 1970: the same content is the same layer, whoever builds it and when.
RUN mkdir -p /layer/app \
 && mv node_modules /layer/app/ \
 && find /layer -exec touch --no-dereference --date=@0 {} +

FROM packages AS compiled
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run --silent build
RUN mkdir -p /layer/app/dist /layer/usr/local/bin \
 && mv dist/apps dist/libs /layer/app/dist/ \
 && find /layer/app/dist -name '*-for-tests.*' -delete \
 && mv package.json container /layer/app/ \
 && ln -s /app/container/quittance.mjs /layer/usr/local/bin/quittance \
 && ln -s quittance /layer/usr/local/bin/quittance-ops \
 && find /layer -exec touch --no-dereference --date=@0 {} +

FROM ${NODE} AS runtime
RUN mkdir -p /layer/usr/local/bin /layer/etc/quittance /layer/var/lib/quittance/spool \
 && cp /usr/local/bin/node /layer/usr/local/bin/ \
 && chown -R 10001:10001 /layer/var/lib/quittance \
 && find /layer -exec touch --no-dereference --date=@0 {} +

FROM ${BASE}
COPY --from=runtime /layer/ /
COPY --from=production /layer/ /
COPY --from=compiled /layer/ /
WORKDIR /app
ENV NODE_ENV=production \
    QUITTANCE_CONFIG=/etc/quittance/quittance.yaml
USER 10001:10001
EXPOSE 8080 9100
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["/usr/local/bin/node", "/app/container/ready.mjs"]
ENTRYPOINT ["/usr/local/bin/node", "--max-semi-space-size=64", "--enable-source-maps", "/app/container/quittance.mjs"]

ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Quittance" \
      org.opencontainers.image.description="Takes in what messaging providers report back, loses none of it, and gives other services one stream of facts and one truthful state." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
