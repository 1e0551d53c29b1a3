#!/bin/sh
# Run once by the image of PostgreSQL on an empty data folder: the application's login, which owns nothing (docs/adr/0008).
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set app="$FADU_APP_PASSWORD" --set owner="$FADU_OWNER_PASSWORD" --set base="$POSTGRES_DB" <<'SQL'
CREATE ROLE fadu_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner';
CREATE ROLE fadu_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app';
ALTER DATABASE :"base" OWNER TO fadu_owner;
ALTER SCHEMA public OWNER TO fadu_owner;
REVOKE ALL ON DATABASE :"base" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"base" TO fadu_app;
SQL
