#!/usr/bin/env bash
# Runs the SAM CLI in the version that the project is tested with; installs it into .venv when it is not there.
#
#     scripts/sam.sh build          is `sam build`
#     scripts/sam.sh --python FILE  runs a script with the Python of the SAM CLI
set -euo pipefail

readonly version=1.170.0
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv
export SAM_CLI_TELEMETRY=${SAM_CLI_TELEMETRY:-0}

if [ "$(cat "$venv/sam-version" 2>/dev/null)" != "$version" ]; then
  command -v python3 >/dev/null || { echo 'The SAM CLI needs Python 3.10 or later: install python3.' >&2; exit 3; }
  echo "Installing aws-sam-cli $version into .venv (once; about a minute) …" >&2
  python3 -m venv --clear "$venv"
  if ! log=$("$venv/bin/pip" install --quiet --disable-pip-version-check "aws-sam-cli==$version" 2>&1); then
    printf '%s\n' "$log" >&2
    exit 4
  fi
  printf '%s' "$version" > "$venv/sam-version"
fi

cd "$root"
if [ "${1:-}" = --python ]; then
  exec "$venv/bin/python" "${@:2}"
fi
exec "$venv/bin/sam" "$@"
