# Sourced by the scripts beside it: puts a tool from PyPI into a virtual environment of its own, in one exact version.
#
#     install_python_tool FOLDER PACKAGE VERSION NEED
#
# Does nothing when it is there. NEED says which Python it wants. Ends with 3 when Python is missing, 4 when pip failed.
install_python_tool() {
  local folder=$1 package=$2 wanted=$3 need=$4 log
  if [ "$(cat "$folder/tool-version" 2>/dev/null)" = "$wanted" ]; then return; fi
  command -v python3 >/dev/null || { echo "$need: install python3." >&2; exit 3; }
  echo "Installing $package $wanted into $(basename "$folder") (once; two to three minutes) …" >&2
  python3 -m venv --clear "$folder"
  if ! log=$("$folder/bin/pip" install --quiet --disable-pip-version-check "$package==$wanted" 2>&1); then
    printf '%s\n' "$log" >&2
    exit 4
  fi
  printf '%s' "$wanted" > "$folder/tool-version"
}
