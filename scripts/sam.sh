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

. "$root/scripts/python-tool.sh"
install_python_tool "$venv" aws-sam-cli "$version" 'The SAM CLI needs Python 3.10 or later'

cd "$root"
if [ "${1:-}" = --python ]; then
  exec "$venv/bin/python" "${@:2}"
fi
exec "$venv/bin/sam" "$@"
