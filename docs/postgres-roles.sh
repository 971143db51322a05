#!/bin/sh
# Run once by the database's first start: make the two roles. The owner migrates, and may make a
# database to try a backup out in; the app owns nothing, and `sunruam init` grants it what it needs
# after every migration. The superuser has no password from here on: nobody signs in over the network
# as the one whom no guard holds.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set owner_password="$SUNRUAM_OWNER_PASSWORD" --set app_password="$SUNRUAM_APP_PASSWORD" <<'SQL'
CREATE ROLE sunruam_owner LOGIN NOSUPERUSER CREATEDB NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE sunruam_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app_password';
ALTER DATABASE :"DBNAME" OWNER TO sunruam_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
ALTER ROLE CURRENT_USER PASSWORD NULL;
SQL
