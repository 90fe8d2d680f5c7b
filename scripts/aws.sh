#!/usr/bin/env bash
# Runs the AWS CLI in the version that the recipes of docs/operations.md are rehearsed with; installs it into .venv-aws when it is
# not there. Apart from the SAM CLI, because the two want different versions of the same libraries.
set -euo pipefail

readonly version=1.46.3
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv-aws

. "$root/scripts/python-tool.sh"
install_python_tool "$venv" awscli "$version" 'The AWS CLI needs Python 3.10 or later'

exec "$venv/bin/aws" "$@"
