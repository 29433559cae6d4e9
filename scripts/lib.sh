# shellcheck shell=bash
# Shared by the scripts: where things are, and how progress and failures are told.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
RUN=${CPDI_RUN:-$ROOT/.run}
VENV=$RUN/venv
LOG=$RUN/log
export POSTGRES_PORT=${POSTGRES_PORT:-55432}
export REDIS_PORT=${REDIS_PORT:-56379}
export SOLR_PORT=${SOLR_PORT:-58983}
export WEB_PORT=${WEB_PORT:-5000}

step() { printf '\033[1m==>\033[0m %s\n' "$*"; }

# fail WHAT ADVICE [LOG FILE]: say what failed, show the end of the log, say what to do.
fail() {
  printf '\n\033[31mFailed:\033[0m %s\n' "$1" >&2
  if [ -n "${3:-}" ] && [ -s "$3" ]; then
    printf 'The last lines of %s:\n' "${3#"$ROOT"/}" >&2
    tail -n 15 "$3" | sed 's/^/    /' >&2
  fi
  printf 'What to do: %s\n' "$2" >&2
  exit 1
}

# as_root COMMAND…: with sudo where that is needed.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "root is needed for: $*" "run this as root, or install sudo"
  fi
}

# once STAMP FILE… -- COMMAND…: run COMMAND unless it has run with FILEs of this content.
once() {
  local stamp=$RUN/stamps/$1 sum; shift
  local files=()
  while [ "$1" != -- ]; do files+=("$1"); shift; done; shift
  sum=$(cat "${files[@]}" | sha256sum)
  [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && return 0
  "$@"
  mkdir -p "$RUN/stamps" && printf '%s\n' "$sum" > "$stamp"
}

# running PIDFILE: is the process of that file alive?
running() { [ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }

# wait_for WHAT SECONDS COMMAND…
wait_for() {
  local what=$1 left=$(( $2 * 5 )); shift 2
  until "$@" >/dev/null 2>&1; do
    left=$(( left - 1 ))
    [ "$left" -gt 0 ] || return 1
    sleep 0.2
  done
  : "$what"
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
