#!/usr/bin/env bash
# nginx judges conditions a second time after X-Accel-Redirect, by the time of the file on the disk.
#
# An application says 200 with its own Last-Modified and ETag and leads to a file by X-Accel-Redirect. One would expect the
# client to get that answer. nginx looks at the request's conditions once more, with the file's mtime and an ETag made of
# it: a client that asks If-Modified-Since the file's time is told 304 and keeps an old copy, though the application says
# that there is a newer version (the same file may stand for another one: at the turn of a year, say), and If-Match with
# the very ETag that it was given is answered 412.
# What we do: `etag off; if_modified_since off;` and both headers set anew from $upstream_http_…; for If-Match and
# If-Unmodified-Since, which no directive switches off, the application sends the file itself.
set -euo pipefail
work=$(mktemp -d); trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq nginx >/dev/null 2>&1 || { echo "apt-get download nginx failed"; exit 2; }
dpkg -x nginx_*.deb .
nginx=$work/usr/sbin/nginx
"$nginx" -v
mkdir files && echo rows >files/a.csv && touch -d '2020-01-01 00:00:00 UTC' files/a.csv && chmod 755 "$work" files
cat >app.py <<'PY'
import http.server
class App(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        for name, value in (("Last-Modified", "Sun, 01 Jan 2023 00:00:00 GMT"), ("ETag", '"version-7"'),
                            ("X-Accel-Redirect", "/files/a.csv"), ("Content-Length", "0")):
            self.send_header(name, value)
        self.end_headers()
    def log_message(self, *args): pass
server = http.server.HTTPServer(("127.0.0.1", 0), App)
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 app.py >app.port & while [ ! -s app.port ]; do sleep 0.1; done
port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >nginx.conf <<CONF
daemon off; pid $work/pid; error_log stderr; events {}
http {
    access_log off; client_body_temp_path $work/b; proxy_temp_path $work/p; fastcgi_temp_path $work/f;
    uwsgi_temp_path $work/u; scgi_temp_path $work/s;
    server {
        listen 127.0.0.1:$port;
        location / { proxy_pass http://127.0.0.1:$(cat app.port); }
        location /files/ { internal; alias $work/files/; add_header ETag \$upstream_http_etag; }
    }
}
CONF
"$nginx" -p "$work" -c nginx.conf & sleep 1
ask() { curl -s -o /dev/null -w '%{http_code}' "$@" "http://127.0.0.1:$port/"; }
plain=$(ask)
since=$(ask -H 'If-Modified-Since: Wed, 01 Jan 2020 00:00:00 GMT')
match=$(ask -H 'If-Match: "version-7"')
echo "no condition: $plain; If-Modified-Since three years before the application's Last-Modified: $since; If-Match with its ETag: $match"
# Seen with nginx 1.22.1: no condition: 200; If-Modified-Since …: 304; If-Match …: 412
[ "$plain $since $match" = "200 304 412" ]
