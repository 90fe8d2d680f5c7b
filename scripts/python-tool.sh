# Sourced by the scripts beside it: puts a tool from PyPI into a virtual environment of its own, in one exact version.
#
#     install_python_tool FOLDER PACKAGE VERSION NEED
#     install_python_requirements FOLDER FILE NEED       every package that FILE names, in the versions that it names
#
# Does nothing when it is there. NEED says which Python it wants. Ends with 3 when Python is missing, 4 when neither uv nor pip can install it.
. "$(dirname "${BASH_SOURCE[0]}")/install-once.sh"

# Astral's installer for Python packages.
readonly uv_version=0.13.9

install_python_tool() {
  install_into_venv "$1" "$3" "$4" "$2==$3"
}

install_python_requirements() {
  install_into_venv "$1" "$(cat "$2")" "$3" --requirement "$2"
}

# FOLDER VERSION NEED, and then what is to be installed, as `pip install` takes it.
install_into_venv() {
  local folder=$1 wanted=$2 need=$3
  if is_installed "$folder" "$wanted"; then return; fi
  command -v python3 >/dev/null || { echo "$need: install python3." >&2; exit 3; }
  install_once "$folder" "$wanted" make_venv "${@:4}"
}

# FOLDER VERSION, and then what is to be installed, as `pip install` takes it.
make_venv() {
  local folder=$1 log
  echo "Installing ${*:3} into $(basename "$folder") (once; seconds with a fast network, else one to three minutes) …" >&2
  python3 -m venv --clear "$folder"
  # uv needs a tenth of pip's time and CPU. It reads no configuration of pip (an index, certificates), so where uv fails, pip decides.
  if ! { pip_install "uv==$uv_version" && uv_install "${@:3}"; } >/dev/null 2>&1 && ! log=$(pip_install "${@:3}" 2>&1); then
    printf '%s\n' "$log" >&2
    exit 4
  fi
  mark_installed "$folder" "$2"
}

# Both install into the virtual environment `folder` of the caller.
pip_install() {
  "$folder/bin/pip" install --quiet --disable-pip-version-check "$@"
}
uv_install() {
  "$folder/bin/uv" pip install --quiet --system-certs --python "$folder/bin/python" "$@"
}
