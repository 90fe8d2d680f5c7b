# Sourced by the scripts beside it: puts a tool from PyPI into a virtual environment of its own, in one exact version.
#
#     install_python_tool FOLDER PACKAGE VERSION NEED
#     install_python_requirements FOLDER FILE NEED       every package that FILE names, in the versions that it names
#
# Does nothing when it is there. NEED says which Python it wants. Ends with 3 when Python is missing, 4 when pip failed.
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
  mkdir -p "$folder"
  # Commands that run at the same time may want the same tool: one installs it, the others wait. The lock is the shell's, because it
  # belongs to the open file, and ends with it however it ends; `flock` is not on every machine, Python is.
  {
    python3 -c 'import fcntl, signal; signal.alarm(600); fcntl.flock(9, fcntl.LOCK_EX)' || {
      echo "Something else has been installing into $(basename "$folder") for ten minutes." >&2
      exit 4
    }
    if ! is_installed "$folder" "$wanted"; then
      make_venv "$folder" "$wanted" "${@:4}"
    fi
  } 9<"$folder"
}

# FOLDER VERSION
is_installed() {
  [ "$(cat "$1/tool-version" 2>/dev/null)" = "$2" ]
}

# FOLDER VERSION, and then what pip is told to install.
make_venv() {
  local folder=$1 log
  echo "Installing ${*:3} into $(basename "$folder") (once; one to three minutes) …" >&2
  rm -f "$folder/tool-version"
  python3 -m venv --clear "$folder"
  if ! log=$("$folder/bin/pip" install --quiet --disable-pip-version-check "${@:3}" 2>&1); then
    printf '%s\n' "$log" >&2
    exit 4
  fi
  printf '%s' "$2" > "$folder/tool-version"
}
