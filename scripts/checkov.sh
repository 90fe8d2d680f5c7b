#!/usr/bin/env bash
# Checks template.yaml and all that it nests with checkov, in the version that the project is tested with; installs it into
# .venv-checkov when it is not there. Apart from the SAM CLI, because the two want different versions of the same libraries.
# What is checked, and the exceptions with their reasons, are in checkov.yaml. Ends with 1 when there is a finding.
set -euo pipefail

readonly version=3.3.30
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv-checkov

. "$root/scripts/python-tool.sh"
install_python_tool "$venv" checkov "$version" 'checkov needs Python 3.9 or later'

cd "$root"
files=(template.yaml stacks/*.yaml)
output=$("$venv/bin/checkov" --config-file scripts/checkov.yaml --file "${files[@]}" "$@" 2>&1) || {
  printf '%s\n' "$output"
  exit 1
}
# A check that saw nothing has found nothing.
for file in "${files[@]}"; do
  # checkov has no rules for alarms and dashboards.
  if grep -E '^    Type: AWS::' "$file" | grep -qv 'AWS::CloudWatch::' && ! grep -q "File: /$file:" <<<"$output"; then
    printf '%s\n' "$output" >&2
    echo "checkov did not look at $file" >&2
    exit 1
  fi
done
grep -E 'Passed checks: [1-9][0-9]+, Failed checks: 0,' <<<"$output"
