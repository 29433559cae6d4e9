#!/usr/bin/env bash
# gunicorn: an application that ends its start with a sentence, `raise SystemExit("setting X is wrong")`, is started
# again and again, some times a second, for ever; one that raises any other exception stops the server at once ("Worker
# failed to boot", exit code 3), and so does SystemExit(3). A supervisor sees a server that runs, and the log fills.
# What we do: the WSGI module prints the sentence itself and ends with 3 (scripts/wsgi.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip --quiet --disable-pip-version-check install gunicorn==27.0.1
venv/bin/gunicorn --version

printf 'raise SystemExit("setting X is wrong")\n' >sentence.py
printf 'raise RuntimeError("setting X is wrong")\n' >error.py
printf 'import sys\nprint("setting X is wrong", file=sys.stderr)\nraise SystemExit(3)\n' >three.py

declare -A started code
for module in sentence error three; do
  code[$module]=0
  timeout 6 venv/bin/gunicorn --bind "unix:$folder/$module.sock" --workers 1 "$module:app" >"$module.log" 2>&1 || code[$module]=$?
  started[$module]=$(grep -c "Booting worker" "$module.log")
  echo "$module: exit code ${code[$module]} (124: stopped by us after 6 seconds), workers started: ${started[$module]}"
done
# Seen: sentence: 124, 8 workers; error: 3, 1 worker; three: 3, 1 worker
[ "${code[sentence]}" = 124 ] && [ "${started[sentence]}" -ge 3 ]
[ "${code[error]}" = 3 ] && [ "${started[error]}" = 1 ]
[ "${code[three]}" = 3 ] && [ "${started[three]}" = 1 ]
