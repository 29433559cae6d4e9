# shellcheck shell=bash
# shellcheck disable=SC2034  # the scripts that read this file use what it sets
# Shared by the scripts, natively and in containers: where things are, and how progress and failures are told.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
RUN=${CPDI_RUN:-$ROOT/.run}
VENV=${CPDI_VENV:-$RUN/venv}
SECRETS=${CPDI_SECRETS:-$RUN/secrets}
LOG=$RUN/log
# The system's: what a version manager built, and comes first in PATH, takes half as much again of a processor.
PYTHON=${PYTHON:-/usr/bin/python3}
export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-1} # each further one keeps some 50 MB that a thread has freed
unset PYTHONDONTWRITEBYTECODE # each command would compile CKAN anew
export POSTGRES_HOST=${POSTGRES_HOST:-127.0.0.1} POSTGRES_PORT=${POSTGRES_PORT:-15432}
export REDIS_HOST=${REDIS_HOST:-127.0.0.1} REDIS_PORT=${REDIS_PORT:-16379}
export SOLR_HOST=${SOLR_HOST:-127.0.0.1} SOLR_PORT=${SOLR_PORT:-18983}
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

# once STAMP FILE… -- COMMAND…: run COMMAND unless it has run with FILEs of this content; of two scripts at once one waits.
once() {
  local stamp=$RUN/stamps/$1 sum; shift
  local files=()
  while [ "$1" != -- ]; do files+=("$1"); shift; done; shift
  sum=$(cat "${files[@]}" | sha256sum)
  [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && return 0
  mkdir -p "$RUN/stamps"
  (
    flock 8
    [ "$(cat "$stamp" 2>/dev/null)" != "$sum" ] || exit 0
    "$@" 8>&- || exit # also where the caller has an answer to a failure, which takes -e away
    printf '%s\n' "$sum" >"$stamp"
  ) 8>"$stamp.lock"
}

# secret NAME: what stands in that file of the secrets' folder; nothing where there is none.
secret() { if [ -s "$SECRETS/$1" ]; then cat "$SECRETS/$1"; fi; }

# as_superuser [psql arguments…]: SQL as PostgreSQL's superuser, ending at the first error.
as_superuser() {
  PGPASSWORD=$(secret postgres_password) psql -v ON_ERROR_STOP=1 -q -X -h "$POSTGRES_HOST" -p "$POSTGRES_PORT" -U postgres "$@"
}

# running PIDFILE: is the process of that file alive? A number that another process has got since does not count.
running() {
  [ -s "$1" ] || return 1
  local pid stat boot parts
  pid=$(cat "$1")
  stat=$(cat "/proc/$pid/stat" 2>/dev/null) || return 1
  read -ra parts <<<"${stat##*) }"
  boot=$(awk '/^btime/ {print $2}' /proc/stat)
  # The 22nd field is the start in ticks after the machine's; 2 seconds for what is rounded.
  (( boot + parts[19] / $(getconf CLK_TCK) <= $(stat -c %Y "$1") + 2 ))
}

# wait_for SECONDS COMMAND…: until COMMAND succeeds; fails after SECONDS.
wait_for() {
  local left=$(( $1 * 5 )); shift
  until "$@" >/dev/null 2>&1; do
    left=$(( left - 1 ))
    [ "$left" -gt 0 ] || return 1
    sleep 0.2
  done
}

# end PIDFILE: stop the process of that file, with force after 20 seconds.
end() {
  if running "$1"; then
    kill "$(cat "$1")"
    wait_for 20 bash -c "! kill -0 $(cat "$1") 2>/dev/null" || kill -9 "$(cat "$1")"
  fi
  rm -f "$1"
}

# in_memory: a folder in memory, where there is enough of it and programs may start there; nothing elsewhere.
in_memory() {
  local folder
  folder=/dev/shm/ckanext-cpdi-$(id -u)
  [ "$(df --output=avail /dev/shm 2>/dev/null | tail -1)" -gt 4000000 ] 2>/dev/null && mkdir -p "$folder" 2>/dev/null || return 0
  printf '#!/bin/sh\n' 2>/dev/null >"$folder/program" && chmod +x "$folder/program" && "$folder/program" 2>/dev/null && echo "$folder"
  return 0
}

# lanes: in how many tests run side by side.
lanes() { local cores; cores=$(nproc); echo "${LANES:-$(( cores < 4 ? cores : 4 ))}"; }

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
