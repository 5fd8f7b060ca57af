# One image for every part of the shop; the command says which: storefront, admin, worker, relay, scheduler or migrate.
# The target `demo` adds what the demo gateway, the mailbox and the drawing of demo pictures need.

FROM python:3.13-slim AS packages
WORKDIR /build
COPY requirements/ requirements/
# The base's own pip fills an environment that has none; here alone, for the stages that run start from the base anew.
RUN python -m venv --without-pip /venv \
 && pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check --require-hashes \
      -r requirements/production.lock

FROM packages AS demo-packages
RUN pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check --require-hashes \
      -r requirements/up.lock

FROM python:3.13-slim AS runtime
# What runs installs nothing: pip goes, and the copy of it that makes new environments.
RUN python -m pip uninstall --yes --quiet --root-user-action=ignore pip \
 && rm -rf "$(python -c 'import ensurepip; print(ensurepip.__path__[0])')" \
 && ! python -m pip --version 2>/dev/null
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin shop \
 && install -d -o shop -g shop /var/lib/cornershop
WORKDIR /app
COPY wsgi.py ./
COPY domain/ domain/
COPY web/ web/
COPY storefront/ storefront/
COPY admin/ admin/
COPY workers/ workers/
COPY cli/ cli/
COPY migrations/ migrations/
COPY templates/ templates/
COPY static/ static/
RUN python -m compileall -q .
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SHOP_HOST=0.0.0.0 \
    SHOP_VAR=/var/lib/cornershop
VOLUME /var/lib/cornershop
EXPOSE 8000 8001 8002
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["python", "-m", "cli.healthcheck"]
ENTRYPOINT ["python", "-m", "cli"]
CMD ["role", "storefront"]

FROM runtime AS demo
COPY --from=demo-packages /venv /venv

FROM runtime AS final
COPY --from=packages /venv /venv
