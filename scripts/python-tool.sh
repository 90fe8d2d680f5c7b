# Sourced by the scripts beside it: puts a tool from PyPI into a virtual environment of its own, in one exact version.
#
#     install_python_tool FOLDER PACKAGE VERSION NEED
#     install_python_requirements FOLDER FILE NEED       every package that FILE names, in the versions that it names
#
# Does nothing when it is there. NEED says which Python it wants. Ends with 3 when Python is missing, 4 when pip failed.
. "$(dirname "${BASH_SOURCE[0]}")/install-once.sh"

install_python_tool() {
  install_into_venv "$1" "$3" "$4" "$2==$3"
}

install_python_requirements() {
  install_into_venv "$1" "$(cat "$2")" "$3" --requirement "$2"
}

# FOLDER VERSION NEED, and then what pip is told to install.
install_into_venv() {
  local folder=$1 wanted=$2 need=$3
  if is_installed "$folder" "$wanted"; then return; fi
  command -v python3 >/dev/null || { echo "$need: install python3." >&2; exit 3; }
  install_once "$folder" "$wanted" make_venv "${@:4}"
}

# FOLDER VERSION, and then what pip is told to install.
make_venv() {
  local folder=$1 log
  echo "Installing ${*:3} into $(basename "$folder") (once; one to three minutes) …" >&2
  python3 -m venv --clear "$folder"
  if ! log=$("$folder/bin/pip" install --quiet --disable-pip-version-check "${@:3}" 2>&1); then
    printf '%s\n' "$log" >&2
    exit 4
  fi
  mark_installed "$folder" "$2"
}
