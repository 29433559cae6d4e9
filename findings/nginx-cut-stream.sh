#!/usr/bin/env bash
# Behind nginx as it comes, a stream of gunicorn's that breaks off looks whole to the client.
#
# An application streams rows and fails in the middle. gunicorn closes the connection without the last chunk, so that a
# client of its own sees the break. nginx speaks HTTP/1.0 to what is behind it unless told otherwise: there is no last
# chunk in that, the end of the connection is the end of the answer, and nginx passes it on as a whole one, with a last
# chunk that it makes itself. Half a table comes with status 200 and without an error.
# What we do: `proxy_http_version 1.1`. Then the break is passed on.
set -euo pipefail
work=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"; chmod 755 "$work"
apt-get download -qq nginx >/dev/null 2>&1 || { echo "apt-get download nginx failed"; exit 2; }
dpkg -x nginx_*.deb .
nginx=$work/usr/sbin/nginx
"$nginx" -v
python3 -m venv venv && venv/bin/pip install -q --disable-pip-version-check gunicorn==23.0.0 && venv/bin/gunicorn --version
cat >app.py <<'PY'
def rows():
    yield b"row\n" * 10
    raise RuntimeError("the database went away")

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/csv")])
    return rows()
PY
free() { python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
app=$(free) old=$(free) new=$(free)
venv/bin/gunicorn -b "127.0.0.1:$app" app:application 2>/dev/null &
cat >nginx.conf <<CONF
daemon off; pid $work/pid; error_log /dev/null; events {}
http {
    access_log off; client_body_temp_path $work/b; proxy_temp_path $work/p; fastcgi_temp_path $work/f;
    uwsgi_temp_path $work/u; scgi_temp_path $work/s;
    server { listen 127.0.0.1:$old; location / { proxy_pass http://127.0.0.1:$app; } }
    server { listen 127.0.0.1:$new; location / { proxy_pass http://127.0.0.1:$app; proxy_http_version 1.1; } }
}
CONF
"$nginx" -p "$work" -c nginx.conf & sleep 3
ask() { curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$1/" && echo " whole" || echo " broken off (curl: $?)"; }
direct=$(ask "$app") through=$(ask "$old") through_11=$(ask "$new")
echo "gunicorn: $direct; nginx: $through; nginx with proxy_http_version 1.1: $through_11"
# Seen with nginx 1.22.1 and gunicorn 23.0.0:
# gunicorn: 200 broken off (curl: 18); nginx: 200 whole; nginx with proxy_http_version 1.1: 200 broken off (curl: 18)
[[ $direct == *broken* && $through == "200 whole" && $through_11 == *broken* ]]
