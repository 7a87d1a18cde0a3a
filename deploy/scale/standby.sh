#!/bin/sh
# The standby copies the primary on its first start, and follows it from then on.
set -eu
export PGDATA=/var/lib/postgresql/data/standby
if [ ! -s "$PGDATA/PG_VERSION" ]; then
	PGPASSWORD="$REPLICATION_PASSWORD" pg_basebackup -h primary -U standby -D "$PGDATA" -R -X stream \
		-d "host=primary user=standby application_name=standby password=$REPLICATION_PASSWORD"
	chmod 700 "$PGDATA"
fi
exec postgres
