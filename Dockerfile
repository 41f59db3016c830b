# One image for web, worker, clock and migrations; docker-compose.yml says which is which.
FROM python:3.11-slim AS build
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy PYTHONDONTWRITEBYTECODE=1
WORKDIR /satu
COPY requirements.lock requirements-uv.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-uv.lock \
 && uv venv /venv \
 && uv pip install --no-cache --python /venv/bin/python --require-hashes -r requirements.lock
ENV PATH=/venv/bin:$PATH
COPY . .
# Fonts are cut to what is used and static files get names with a fingerprint. No secret is needed for either.
RUN SECRET_KEY=unused-while-building STATIC_ROOT=/static SATU_STATIC_COLLECTED=1 python manage.py build_assets \
 && SECRET_KEY=unused-while-building STATIC_ROOT=/static SATU_STATIC_COLLECTED=1 python manage.py collectstatic --no-input -i '*.gz'

FROM python:3.11-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin satu \
 && mkdir /media && chown satu /media
COPY --from=build /venv /venv
COPY --from=build /static /static
COPY --from=build /satu /satu
WORKDIR /satu
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    STATIC_ROOT=/static \
    MEDIA_ROOT=/media \
    SATU_STATIC_COLLECTED=1 \
    SATU_HTTPS=1
USER satu
EXPOSE 8000
VOLUME /media
STOPSIGNAL SIGTERM
# uvicorn with several processes and no gunicorn in front: uvicorn supervises and replaces its own workers, pages may stream
# (ASGI), and a server less is a server less to configure.
CMD ["uvicorn", "config.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--workers", "3", "--lifespan", "off", "--no-access-log", "--no-server-header", "--timeout-graceful-shutdown", "20"]
