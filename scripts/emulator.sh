#!/usr/bin/env bash
# Runs the third-party AWS emulator of the deployment test; installs it into .venv-emulator when it is not there.
#
#     scripts/emulator.sh --install  installs only
#     scripts/emulator.sh            serves AWS at 127.0.0.1:$GATEWAY_PORT until it is killed; what it and the functions
#                                    print goes to the file $EMULATOR_LOG, too
#
# test/deployment/README.md says what it can do and what it cannot.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv-emulator
folder=$root/test/deployment/emulator

. "$root/scripts/python-tool.sh"
install_python_requirements "$venv" "$folder/requirements.txt" 'The AWS emulator needs Python 3.10 or later'

if [ "${1:-}" = --install ]; then
  exit
fi
export BIND_HOST=127.0.0.1 MINISTACK_HOST=localhost AUTH=true SFTP_ENABLED=0 IOT_MTLS_ENABLED=0
if [ -n "${EMULATOR_LOG:-}" ]; then
  exec > >(exec tee -- "$EMULATOR_LOG") 2>&1
fi
exec "$venv/bin/python" "$folder/launch.py"
