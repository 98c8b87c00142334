# syntax=docker/dockerfile:1
# One image for every service: web, workers, beat and migrate differ by their command (docker-compose.yml).
ARG BASE=python:3.13-slim-bookworm

FROM ${BASE} AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements.txt .
RUN python3 -m venv /venv && /venv/bin/pip install --require-hashes -r requirements.txt

FROM ${BASE}
# What WeasyPrint loads, and nothing else; the fonts of the documents travel with the code.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --home-dir /nonexistent pes \
 && install -d -o 10001 -g 10001 -m 0750 /srv/pes /srv/pes/media /srv/pes/var
COPY --from=packages /venv /venv
# The root file system is read-only in service: caches go to /tmp, files to the volume under /srv/pes.
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PES_ENV=production \
    MEDIA_ROOT=/srv/pes/media \
    PES_VAR_DIR=/srv/pes/var \
    STATIC_ROOT=/app/staticfiles \
    XDG_CACHE_HOME=/tmp
WORKDIR /app
COPY . .
# Hashed and compressed once, here. The values satisfy the settings and stay out of the image's environment.
RUN SECRET_KEY=build AUDIT_KEY=build ALLOWED_HOSTS=build DATABASE_URL=sqlite:////tmp/build.sqlite3 \
    python manage.py collectstatic --noinput \
 && python -m compileall -q . \
 && python -W error:HarfBuzz:DeprecationWarning -c "import weasyprint"
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/salud/', timeout=4)"]
CMD ["gunicorn", "pes.wsgi", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--workers=2", "--threads=4", \
     "--max-requests=2000", "--max-requests-jitter=200", "--worker-tmp-dir=/dev/shm", "--no-control-socket", \
     "--access-logfile=-"]
