#!/bin/sh
# Writes .env for docker-compose.yml with secrets of its own, once. `make-env.sh demo` also turns the demo on.
set -eu
cd "$(dirname "$0")/../.."
if [ -e .env ]; then
  echo ".env is there already; nothing was written" >&2
  exit 0
fi
secret() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }
umask 077
{
  for name in LINK_KEY BADGE_KEY IDENTITY_KEY POSTGRES_PASSWORD IDENTITY_DB_PASSWORD SUB_FORUM_DB_PASSWORD \
    REGISTRATION_DB_PASSWORD BADGE_DB_PASSWORD CHECK_IN_DB_PASSWORD ATTENDANCE_DB_PASSWORD; do
    echo "$name=$(secret)"
  done
  echo "PLENARY_DEMO=$([ "${1:-}" = demo ] && echo 1 || echo 0)"
} > .env
echo "wrote .env"
