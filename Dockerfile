# One image for web, worker, beat and migrate: see docker-compose.yml.

FROM node:22-bookworm-slim AS pages
WORKDIR /explor/static
COPY static/package.json static/package-lock.json static/.npmrc ./
RUN npm ci --no-progress
COPY static ./
RUN npm run --silent build

FROM python:3.12-slim-bookworm AS packages
COPY bin/requirements/production.txt /tmp/production.txt
RUN python -m venv /opt/explor \
    && /opt/explor/bin/pip install --no-cache-dir --require-hashes -r /tmp/production.txt

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /explor explor
ENV PATH=/opt/explor/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=explor.settings \
    EXPLOR_VAR=/explor/var \
    MEDIA_ROOT=/explor/media \
    BIND_ADDRESS=0.0.0.0 \
    PORT=8000
WORKDIR /explor
COPY --from=packages /opt/explor /opt/explor
COPY . .
COPY --from=pages /explor/static/dist static/dist
# the static files are in the image, Brotli included; these three values serve for nothing else
RUN mkdir -p var media && chown explor: var media \
    && SECRET_KEY=build DATABASE_URL=postgres://build/build REDIS_URL=redis://build \
       python manage.py collectstatic --noinput --verbosity 0
USER explor
VOLUME /explor/media
EXPOSE 8000
CMD ["gunicorn", "-c", "explor/gunicorn.py", "explor.wsgi"]
