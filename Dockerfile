# One target a container. Each holds its own dependencies only, every file checked against its hash.
FROM python:3.11-slim-bookworm AS base
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PYTHONPATH=/app PATH=/venv/bin:$PATH TZ=UTC
# What a volume is mounted on belongs to the user that writes there.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin throughline \
 && for own in prepare postgres issuer referrals casework groups notifications \
        referrals-owner casework-owner groups-owner notifications-owner; \
    do install -d -o throughline -g throughline -m 0700 /secrets/$own; done \
 && chmod 0755 /secrets/postgres \
 && install -d -o throughline -g throughline /checkpoints /mail /traces
WORKDIR /app

FROM base AS installer
COPY tools/uv.lock.txt /tmp/
RUN pip install --no-cache-dir --require-hashes -r /tmp/uv.lock.txt \
 && uv venv /venv
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1

FROM installer AS referrals-libraries
COPY deploy/requirements/referrals.lock /tmp/
RUN --mount=type=cache,target=/root/.cache/uv uv pip sync --require-hashes --python /venv /tmp/referrals.lock

FROM installer AS casework-libraries
COPY deploy/requirements/casework.lock /tmp/
RUN --mount=type=cache,target=/root/.cache/uv uv pip sync --require-hashes --python /venv /tmp/casework.lock

FROM installer AS groups-libraries
COPY deploy/requirements/groups.lock /tmp/
RUN --mount=type=cache,target=/root/.cache/uv uv pip sync --require-hashes --python /venv /tmp/groups.lock

FROM installer AS notifications-libraries
COPY deploy/requirements/notifications.lock /tmp/
RUN --mount=type=cache,target=/root/.cache/uv uv pip sync --require-hashes --python /venv /tmp/notifications.lock

FROM installer AS issuer-libraries
COPY deploy/requirements/issuer.lock /tmp/
RUN --mount=type=cache,target=/root/.cache/uv uv pip sync --require-hashes --python /venv /tmp/issuer.lock

FROM installer AS prepare-libraries
COPY deploy/requirements/prepare.lock /tmp/
RUN --mount=type=cache,target=/root/.cache/uv uv pip sync --require-hashes --python /venv /tmp/prepare.lock

FROM installer AS mailcatcher-libraries
COPY deploy/requirements/mailcatcher.lock /tmp/
RUN --mount=type=cache,target=/root/.cache/uv uv pip sync --require-hashes --python /venv /tmp/mailcatcher.lock

FROM installer AS otel-standin-libraries
COPY deploy/requirements/otel-standin.lock /tmp/
RUN --mount=type=cache,target=/root/.cache/uv uv pip sync --require-hashes --python /venv /tmp/otel-standin.lock

# What all services have in common of our own.
FROM base AS service
COPY deploy/told deploy/serving /usr/local/bin/
COPY demo/directory.json demo/people.json deploy/topics.json files/
COPY packages/ledger/src/ packages/vault/src/ packages/evidence/src/ packages/chassis/src/ proto/src/ ./
USER throughline
EXPOSE 50051
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=12 CMD ["serving", "127.0.0.1:50051"]
ENTRYPOINT ["told"]

FROM service AS referrals
COPY --from=referrals-libraries /venv /venv
COPY services/referrals/src/ ./
CMD ["python", "-m", "referrals"]

FROM service AS casework
COPY --from=casework-libraries /venv /venv
COPY services/casework/src/ ./
CMD ["python", "-m", "casework"]

FROM service AS groups
COPY --from=groups-libraries /venv /venv
COPY services/groups/src/ ./
CMD ["python", "-m", "groups"]

FROM service AS notifications
COPY --from=notifications-libraries /venv /venv
COPY services/notifications/src/ ./
CMD ["python", "-m", "notifications"]

# The token issuer of demo and tests; it refuses to start elsewhere.
FROM service AS issuer
COPY --from=issuer-libraries /venv /venv
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=12 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/health', timeout=4)"]
CMD ["python", "-m", "chassis.identity.issuer"]

# Makes secrets, then databases, roles, topics; ends when that is done.
FROM base AS prepare
COPY demo/directory.json demo/people.json deploy/topics.json files/
COPY packages/ledger/src/ packages/vault/src/ packages/stack/src/ ./
COPY --from=prepare-libraries /venv /venv
USER throughline
ENTRYPOINT ["python", "-m", "stack.prepare"]

FROM base AS mailcatcher
COPY packages/stack/src/stack/__init__.py packages/stack/src/stack/mailcatcher.py stack/
COPY --from=mailcatcher-libraries /venv /venv
USER throughline
EXPOSE 1025
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=12 \
    CMD ["python", "-c", "import smtplib; smtplib.SMTP('127.0.0.1', 1025, 'health', 4).noop()"]
CMD ["python", "-m", "stack.mailcatcher", "0.0.0.0:1025", "/mail"]

# Stands in for the OpenTelemetry collector where its image is not to be had.
FROM base AS otel-standin
COPY deploy/otel-standin/collect.py ./
COPY --from=otel-standin-libraries /venv /venv
USER throughline
EXPOSE 4317
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=12 \
    CMD ["python", "-c", "import socket; socket.create_connection(('127.0.0.1', 4317), timeout=4)"]
CMD ["python", "collect.py", "0.0.0.0:4317", "/traces/spans.jsonl"]
