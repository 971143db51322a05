# One image for web, worker, beat and the one-shot init. No secret is built in.
FROM python:3.11-slim-bookworm

RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 postgresql-client-15 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /srv/sunruam --create-home sunruam

WORKDIR /srv/sunruam
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
 && pybabel compile --directory pos/translations --domain messages \
 && install --directory --owner sunruam /var/lib/sunruam

USER sunruam
ENV PYTHONUNBUFFERED=1 \
    SUNRUAM_MODE=production \
    SUNRUAM_VAR=/var/lib/sunruam \
    SUNRUAM_HOST=0.0.0.0
EXPOSE 8000
CMD ["sunruam", "serve"]
