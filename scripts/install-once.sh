# Sourced by the scripts beside it: installs something into a folder of its own, once for all that want it.
#
#     install_once FOLDER VERSION COMMAND [ARGUMENT …]    runs COMMAND FOLDER VERSION [ARGUMENT …], which ends with mark_installed
#
# Does nothing when this version is there. Needs Python; ends with 4 when another process installs for too long.
install_once() {
  local folder=$1 wanted=$2
  if is_installed "$folder" "$wanted"; then return; fi
  mkdir -p "$folder"
  # Commands that run at the same time may want the same tool: one installs it, the others wait. The lock is the shell's, because it
  # belongs to the open file, and ends with it however it ends; `flock` is not on every machine, Python is.
  {
    python3 -c 'import fcntl, signal; signal.alarm(600); fcntl.flock(9, fcntl.LOCK_EX)' || {
      echo "Something else has been installing into $(basename "$folder") for ten minutes." >&2
      exit 4
    }
    if ! is_installed "$folder" "$wanted"; then
      rm -f "$folder/tool-version"
      "$3" "$folder" "$wanted" "${@:4}"
    fi
  } 9<"$folder"
}

# FOLDER VERSION
is_installed() {
  [ "$(cat "$1/tool-version" 2>/dev/null)" = "$2" ]
}

# FOLDER VERSION
mark_installed() {
  printf '%s' "$2" > "$1/tool-version"
}
