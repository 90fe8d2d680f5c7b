#!/usr/bin/env bash
# Runs event-ruler, Amazon's implementation of event patterns, for the test that compares filters with it; installs it from Maven
# Central into .event-ruler when it is not there.
#
#     scripts/event-ruler.sh --install  installs only
#     scripts/event-ruler.sh            answers test/event-patterns/oracle/Oracle.java's questions until its input ends
#
# Ends with 3 when Java, Maven or Python is missing, 4 when Maven failed.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$root/.event-ruler
oracle=$root/test/event-patterns/oracle

. "$root/scripts/install-once.sh"

# FOLDER VERSION
fetch_libraries() {
  local log
  echo "Installing event-ruler into $(basename "$1") (once) …" >&2
  rm -rf "$1/lib"
  if ! log=$(mvn --batch-mode --quiet --file "$oracle/pom.xml" dependency:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$1/lib" 2>&1); then
    printf '%s\n' "$log" >&2
    exit 4
  fi
  mark_installed "$1" "$2"
}

for program in java mvn python3; do
  command -v "$program" >/dev/null || { echo "event-ruler needs Java 17, Maven 3 and Python 3: install $program." >&2; exit 3; }
done
install_once "$folder" "$(cat "$oracle/pom.xml")" fetch_libraries
if [ "${1:-}" = --install ]; then
  exit
fi
exec java -cp "$folder/lib/*" "$oracle/Oracle.java"
