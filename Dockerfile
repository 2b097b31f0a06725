# One image for web, worker, public worker and beat; docker-compose.yml says which is which.
FROM python:3.13-slim-bookworm AS build
WORKDIR /app
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.13-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation poppler-utils \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin carequality
WORKDIR /app
COPY --from=build /venv /venv
COPY --chown=root:root . .
ENV PATH=/venv/bin:$PATH XDG_CACHE_HOME=/tmp/cache PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 CAREQUALITY_MODE=production STATIC_ROOT=/app/staticfiles
# A named volume takes its owner from here.
RUN install -d -o carequality -m 700 /uploads
# Static files are gathered while the image is built; the values serve this step alone.
RUN SECRET_KEY=build DATABASE_URL=postgresql:///build REDIS_URL=redis://build DEFAULT_FROM_EMAIL=build@example.com python manage.py collectstatic --no-input --verbosity 0
USER carequality
EXPOSE 8000
CMD ["gunicorn", "carequality.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--no-control-socket"]
