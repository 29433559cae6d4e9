#!/bin/sh
# Run once by the PostgreSQL image, on an empty volume: the same roles, databases and rights as natively.
set -eu
psql -v ON_ERROR_STOP=1 -q -X -U "$POSTGRES_USER" \
  -v "ckan_password=$(cat /run/secrets/ckan_password)" -v "read_password=$(cat /run/secrets/read_password)" \
  -f /portal/database.sql
