#!/bin/sh
# Runs Redis as the user redis. Arguments that begin with a dash, and configuration files, are the server's.
set -eu
case "${1:-redis-server}" in
-* | *.conf) set -- redis-server "$@" ;;
esac
[ "$1" = redis-server ] || exec "$@"
# Without a password the server would refuse clients from other machines; in a pod, policies say who may come.
case " $* " in
*.conf* | *" --protected-mode "*) ;;
*) set -- "$@" --protected-mode no ;;
esac
umask 0077
if [ "$(id -u)" = 0 ]; then
    find . ! -user redis -exec chown redis:redis {} +
    exec su -s /bin/sh -c 'exec "$0" "$@"' redis -- "$@"
fi
exec "$@"
