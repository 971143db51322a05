#!/bin/sh
# Run once by the database's first start: make the role the app signs in with. It owns nothing;
# `sunruam init` grants it what it needs after every migration.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set password="$SUNRUAM_APP_PASSWORD" <<'SQL'
CREATE ROLE sunruam_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
SQL
