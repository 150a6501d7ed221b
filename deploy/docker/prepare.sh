#!/bin/sh
# The one-shot step before any service starts: roles, schemas and migrations; topics; in the demo its accounts.
set -eu
node dist/libs/platform/src/migrate.cli.js
node dist/deploy/local/topics.js
if [ "${PLENARY_DEMO:-0}" = 1 ]; then node dist/apps/identity/src/staff-create.cli.js --demo; fi
