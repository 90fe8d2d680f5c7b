#!/usr/bin/env bash
# Checks template.yaml with checkov, in the version that the project is tested with; installs it into .venv-checkov when
# it is not there. Apart from the SAM CLI, because the two want different versions of the same libraries.
# Exceptions stand with their reasons in the template's Metadata. Ends with 1 when there is a finding.
set -euo pipefail

readonly version=3.3.30
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv-checkov

. "$root/scripts/python-tool.sh"
install_python_tool "$venv" checkov "$version" 'checkov needs Python 3.9 or later'

cd "$root"
# Nothing is sent or fetched: the rules are those of the package.
output=$("$venv/bin/checkov" --file template.yaml --framework cloudformation --skip-download --compact "$@" 2>&1) || {
  printf '%s\n' "$output"
  exit 1
}
# A check that saw nothing has found nothing.
if ! grep -Eq 'Passed checks: [1-9][0-9]+, Failed checks: 0,' <<<"$output"; then
  printf '%s\n' "$output" >&2
  echo 'checkov did not look at the template' >&2
  exit 1
fi
grep -E 'Passed checks' <<<"$output"
