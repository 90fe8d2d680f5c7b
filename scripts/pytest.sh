#!/usr/bin/env bash
# Runs pytest with boto3, in the versions that the documented tests are tested with; installs both into .venv-pytest when they are not there.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv-pytest

. "$root/scripts/python-tool.sh"
install_python_requirements "$venv" "$root/test/documentation/pytest/requirements.txt" 'pytest needs Python 3.10 or later'

exec "$venv/bin/python" -m pytest "$@"
