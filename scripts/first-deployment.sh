#!/usr/bin/env bash
# Deploys a built application as a new stack; asks for what is decided once. See docs/deploying.md.
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/sam.sh" --python scripts/first-deployment.py "$@"
