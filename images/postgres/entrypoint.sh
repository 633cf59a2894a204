#!/bin/sh
# Makes a database where there is none, by the variables of the usual image of PostgreSQL, and runs the server.
set -eu

say() { echo "entrypoint: $*" >&2; }
die() { say "$*"; exit 1; }

# The value of a variable, or what is in the file that NAME_FILE names.
value() {
    eval "plain=\${$1:-} file=\${$1_FILE:-}"
    [ -z "$plain" ] || [ -z "$file" ] || die "$1 and $1_FILE are both set: set one"
    if [ -n "$file" ]; then cat "$file"; else printf %s "${plain:-$2}"; fi
}

case "${1:-postgres}" in
-*) set -- postgres "$@" ;;
esac
[ "$1" = postgres ] || exec "$@"

mkdir -p "$PGDATA"
if [ "$(id -u)" = 0 ]; then
    find "$PGDATA" /run/postgresql ! -user postgres -exec chown postgres:postgres {} +
    chmod 0700 "$PGDATA"
    exec su -s /bin/sh -c 'exec "$0" "$@"' postgres -- "$0" "$@"
fi

make_database() {
    user=$(value POSTGRES_USER postgres)
    password=$(value POSTGRES_PASSWORD "")
    database=$(value POSTGRES_DB "$user")
    method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
    [ -n "$password" ] || [ "$method" = trust ] ||
        die "there is no database in $PGDATA and POSTGRES_PASSWORD is empty: set it"

    # A server cannot be made by somebody without a name.
    if ! id -un >/dev/null 2>&1; then
        names=$(mktemp -d)
        echo "postgres:x:$(id -u):$(id -g):PostgreSQL:$PGDATA:/bin/false" >"$names/passwd"
        echo "postgres:x:$(id -g):" >"$names/group"
        export LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_PASSWD="$names/passwd" NSS_WRAPPER_GROUP="$names/group"
    fi
    secret=$(mktemp)
    printf '%s\n' "$password" >"$secret"
    if [ -n "$password" ]; then set -- "--pwfile=$secret"; else set --; fi
    if [ -n "${POSTGRES_INITDB_WALDIR:-}" ]; then set -- "$@" --waldir "$POSTGRES_INITDB_WALDIR"; fi
    work=$PGDATA/.new
    say "making a database in $PGDATA"
    rm -rf "$work"
    # shellcheck disable=SC2086
    initdb --username="$user" "$@" ${POSTGRES_INITDB_ARGS:-} -D "$work" >&2
    rm -f "$secret"
    {
        echo "listen_addresses = '*'"
        echo "unix_socket_directories = '/run/postgresql'"
    } >>"$work/postgresql.conf"
    echo "host all all all $method" >>"$work/pg_hba.conf"

    PGDATA=$work pg_ctl -s -w -o "-c listen_addresses= -p 5432" start >&2
    export PGPASSWORD="$password"
    if [ "$database" != postgres ]; then
        psql -qv ON_ERROR_STOP=1 --no-psqlrc -U "$user" -d postgres -v name="$database" >&2 <<'SQL'
CREATE DATABASE :"name";
SQL
    fi
    query() { psql -v ON_ERROR_STOP=1 --no-psqlrc -U "$user" -d "$database" "$@"; }
    for script in /docker-entrypoint-initdb.d/*; do
        case "$script" in
        *.sh)
            say "running $script"
            if [ -x "$script" ]; then "$script"; else . "$script"; fi
            ;;
        *.sql) say "running $script"; query -f "$script" >&2 ;;
        *.sql.gz) say "running $script"; gunzip -c "$script" | query >&2 ;;
        esac
    done
    PGDATA=$work pg_ctl -s -w -m fast stop >&2
    unset PGPASSWORD LD_PRELOAD NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
    # The version's file comes last: with it there, the database is whole.
    mv "$work/PG_VERSION" "$PGDATA/.version"
    find "$work" -mindepth 1 -maxdepth 1 -exec mv {} "$PGDATA/" \;
    rmdir "$work"
    mv "$PGDATA/.version" "$PGDATA/PG_VERSION"
    say "the database is ready"
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    for path in "$PGDATA"/* "$PGDATA"/.[!.]* "$PGDATA"/..?*; do
        # A pattern that nothing fits stands for itself.
        [ -e "$path" ] || [ -L "$path" ] || continue
        entry=${path##*/}
        case "$entry" in
        .new | .version | lost+found) ;;
        *)
            # The rest of an attempt that was cut off while it was put in place.
            [ -e "$PGDATA/.new" ] || [ -e "$PGDATA/.version" ] ||
                die "$PGDATA holds files that are no database: choose another directory with PGDATA"
            rm -rf "${PGDATA:?}/$entry"
            ;;
        esac
    done
    rm -f "$PGDATA/.version"
    (make_database)
fi
chmod 0700 "$PGDATA" 2>/dev/null || true
exec "$@"
