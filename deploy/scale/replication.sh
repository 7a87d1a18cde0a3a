#!/bin/sh
# On the primary's first start: who the standby is.
set -eu
psql -v ON_ERROR_STOP=1 -U nevermind -d nevermind -v password="$REPLICATION_PASSWORD" <<'SQL'
CREATE ROLE standby WITH REPLICATION LOGIN PASSWORD :'password';
SQL
echo "host replication standby all scram-sha-256" >>"$PGDATA/pg_hba.conf"
