# raggen-web, built once; the image holds the server and its files, neither npm's packages nor sources.
# From the repository's root: docker build --file deploy/docker/raggen-web.Dockerfile --tag raggen-web .

FROM node:24-bookworm-slim AS build
ENV NEXT_TELEMETRY_DISABLED=1
WORKDIR /build/raggen-web
COPY raggen-web/package.json raggen-web/package-lock.json raggen-web/.npmrc ./
RUN npm ci
# The types of raggen-embed's answers are made from it.
COPY raggen-embed/openapi.json /build/raggen-embed/openapi.json
COPY raggen-web ./
RUN npm run generate && npm run build

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="raggen-web" org.opencontainers.image.licenses="MIT"
# pg_dump, which copies chats in PostgreSQL before a migration; as new as Debian 12 has it.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10002 raggen \
    && useradd --uid 10002 --gid raggen --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin raggen \
    && install -d -o raggen -g raggen -m 0700 /var/lib/raggen
WORKDIR /opt/raggen
COPY --from=build /build/raggen-web/.next/standalone ./
# HOSTNAME here beats the container's own name, which Next would listen on; the path of a secret is no secret.
# hadolint ignore=DL3064
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOSTNAME=0.0.0.0 PORT=3000 \
    RAGGEN_WEB_DATABASE_URL=file:/var/lib/raggen/raggen.db RAGGEN_WEB_SECRET_FILE=/var/lib/raggen/secret.key
USER 10002:10002
VOLUME /var/lib/raggen
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["node", "--eval", "fetch('http://127.0.0.1:3000/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server.js"]
