#!/bin/sh
# The first process of a container gets only the signals that it handles.
trap 'kill $server; exit 0' TERM INT
httpd -f -p "${PORT:-8080}" -h "${ROOT:-/www}" &
server=$!
wait $server
