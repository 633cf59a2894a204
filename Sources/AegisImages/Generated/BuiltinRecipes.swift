// Written by scripts/embed-images from images/; a test compares the two.
// swift-format-ignore-file

/// The recipes of images/ and the files beside them.
enum BuiltinRecipes {
    static let files: [(path: String, text: String)] = [
        (
            "aegis-api/recipe.yaml",
            ##"""
            summary: The release API of the platform. The program is built from Sources/aegis-api and taken from beside aegis.
            names: ["aegis/api:latest"]
            base: debian
            packages: [ca-certificates, libpq5, libsqlite3-0, libstdc++6, zlib1g]
            without: [openssl]
            users:
            - {name: aegis, id: 10001, home: /data}
            directories:
            - {path: /data, mode: "0777", owner: "10001:10001"}
            files:
            - {path: /etc/ssl/certs/ca-certificates.crt, join: /usr/share/ca-certificates/mozilla, suffix: .crt}
            - {path: /usr/local/bin/aegis-api, input: aegis-api, mode: "0755"}
            env:
              LANG: C.UTF-8
            user: "10001:10001"
            workingDir: /data
            entrypoint: [/usr/local/bin/aegis-api]
            ports: [8000]

            """##
        ),
        (
            "debian/recipe.yaml",
            ##"""
            summary: What the other images stand on. The C library, busybox for a shell and its tools, names of ports.
            packages: [base-files, busybox-static, libc-bin, libc6, netbase]
            # Packages are unpacked and their scripts do not run: what serves only those scripts is left out.
            without:
            - adduser
            - debconf
            - debianutils
            - dpkg
            - init-system-helpers
            - libaudit*
            - libcap-ng0
            - libdb5.3
            - libfile-find-rule-perl
            - libgdbm*
            - libnumber-compare-perl
            - libpam*
            - libperl*
            - libsasl2-modules-db
            - libsemanage*
            - libsepol*
            - libtext-glob-perl
            - lsb-base
            - mawk
            - media-types
            - passwd
            - perl*
            - sensible-utils
            - sysvinit-utils
            - tar
            - ucf
            - usrmerge
            exclude:
            - "!/usr/share/doc/*/copyright"
            - /usr/share/doc/**
            - /usr/share/man/**
            - /usr/share/info/**
            - /usr/share/locale/**
            - /usr/share/lintian/**
            - /usr/share/bug/**
            - /usr/share/linda/**
            - /usr/share/applications/**
            - /usr/share/pixmaps/**
            - /usr/share/icons/**
            - /usr/share/metainfo/**
            - /usr/share/initramfs-tools/**
            - /usr/share/bash-completion/**
            - /usr/share/zsh/**
            - /usr/share/base-files/**
            - /usr/lib/systemd/**
            - /usr/lib/tmpfiles.d/**
            - /usr/lib/sysusers.d/**
            - /usr/lib/init/**
            - /etc/init.d/**
            - /etc/cron*/**
            - /etc/logrotate.d/**
            - /etc/default/**
            - /etc/update-motd.d/**
            - /usr/sbin/ldconfig
            - /var/cache/**
            directories:
            - {path: /dev}
            - {path: /proc}
            - {path: /sys}
            - {path: /run}
            - {path: /root, mode: "0700"}
            - {path: /tmp, mode: "1777"}
            - {path: /var/tmp, mode: "1777"}
            links:
            - {path: /bin, target: usr/bin}
            - {path: /sbin, target: usr/sbin}
            - {path: /lib, target: usr/lib}
            - {path: /lib64, target: usr/lib64}
            - {path: /var/run, target: /run}
            - {path: /var/lock, target: /run/lock}
            - in: /usr/bin
              target: busybox
              names:
              - "["
              - "[["
              - acpid
              - adjtimex
              - ar
              - arch
              - arp
              - arping
              - ascii
              - ash
              - awk
              - base64
              - basename
              - bc
              - blkdiscard
              - blockdev
              - brctl
              - bunzip2
              - bzcat
              - bzip2
              - cal
              - cat
              - chgrp
              - chmod
              - chown
              - chroot
              - chvt
              - clear
              - cmp
              - cp
              - cpio
              - crc32
              - crond
              - crontab
              - cttyhack
              - cut
              - date
              - dc
              - dd
              - deallocvt
              - devmem
              - df
              - diff
              - dirname
              - dmesg
              - dnsdomainname
              - dos2unix
              - du
              - dumpkmap
              - dumpleases
              - echo
              - ed
              - egrep
              - env
              - expand
              - expr
              - factor
              - fallocate
              - "false"
              - fatattr
              - fgrep
              - find
              - findfs
              - fold
              - free
              - freeramdisk
              - fsfreeze
              - fstrim
              - ftpget
              - ftpput
              - getopt
              - grep
              - groups
              - gunzip
              - gzip
              - head
              - hexdump
              - hostid
              - hostname
              - httpd
              - i2cdetect
              - i2cdump
              - i2cget
              - i2cset
              - i2ctransfer
              - id
              - ifconfig
              - ifdown
              - ifup
              - ionice
              - ip
              - ipcalc
              - ipneigh
              - kill
              - killall
              - klogd
              - last
              - less
              - link
              - linux32
              - linux64
              - ln
              - loadfont
              - loadkmap
              - logger
              - logname
              - logread
              - ls
              - lsscsi
              - lzcat
              - lzma
              - lzop
              - md5sum
              - mdev
              - microcom
              - mim
              - mkdir
              - mkdosfs
              - mke2fs
              - mkfifo
              - mknod
              - mkpasswd
              - mktemp
              - more
              - mount
              - mt
              - mv
              - nameif
              - nc
              - netstat
              - nl
              - nologin
              - nproc
              - nsenter
              - nslookup
              - nuke
              - od
              - openvt
              - partprobe
              - paste
              - patch
              - pidof
              - ping
              - ping6
              - printf
              - ps
              - pwd
              - rdate
              - readlink
              - realpath
              - renice
              - reset
              - resume
              - rev
              - rm
              - rmdir
              - route
              - run-parts
              - sed
              - seq
              - setkeycodes
              - setpriv
              - setsid
              - sh
              - sha1sum
              - sha256sum
              - sha3sum
              - sha512sum
              - shred
              - shuf
              - sleep
              - sort
              - ssl_client
              - start-stop-daemon
              - stat
              - strings
              - stty
              - su
              - svc
              - svok
              - sync
              - sysctl
              - syslogd
              - tac
              - tail
              - tar
              - taskset
              - tc
              - tee
              - telnet
              - telnetd
              - test
              - tftp
              - time
              - timeout
              - top
              - touch
              - tr
              - traceroute
              - traceroute6
              - "true"
              - truncate
              - ts
              - tty
              - tunctl
              - ubirename
              - udhcpc
              - udhcpd
              - uevent
              - umount
              - uname
              - uncompress
              - unexpand
              - uniq
              - unix2dos
              - unlink
              - unlzma
              - unshare
              - unxz
              - unzip
              - uptime
              - usleep
              - uudecode
              - uuencode
              - vconfig
              - vi
              - w
              - watch
              - watchdog
              - wc
              - wget
              - which
              - who
              - whoami
              - xargs
              - xxd
              - xz
              - xzcat
              - "yes"
              - zcat
            users:
            - {name: root, id: 0, home: /root}
            - {name: nobody, id: 65534, home: /nonexistent, shell: /bin/false}
            files:
            - {path: /etc/nsswitch.conf, content: "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n"}
            env:
              PATH: /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

            """##
        ),
        (
            "pause/recipe.yaml",
            ##"""
            summary: Holds the namespaces of a pod.
            names: ["aegis.local/pause:1"]
            files:
            - {path: /pause, builtin: pause, mode: "0755"}
            entrypoint: [/pause]
            user: "65535:65535"

            """##
        ),
        (
            "postgres-exporter/recipe.yaml",
            ##"""
            summary: Figures of PostgreSQL for Prometheus.
            names: ["quay.io/prometheuscommunity/postgres-exporter:latest", "prometheuscommunity/postgres-exporter:latest"]
            base: debian
            packages: [ca-certificates, prometheus-postgres-exporter]
            without: [daemon, openssl]
            files:
            - {path: /etc/ssl/certs/ca-certificates.crt, join: /usr/share/ca-certificates/mozilla, suffix: .crt}
            user: nobody
            entrypoint: [/usr/bin/prometheus-postgres-exporter]
            ports: [9187]

            """##
        ),
        (
            "postgres/entrypoint.sh",
            ##"""
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

            """##
        ),
        (
            "postgres/recipe.yaml",
            ##"""
            summary: PostgreSQL 15 of Debian, with the variables and places of the image that Docker publishes.
            names: ["postgres:15", "postgres:15-bookworm"]
            base: debian
            packages: [libnss-wrapper, postgresql-15, tzdata]
            # Compiling queries takes a library that is larger than all the rest; PostgreSQL does without when it is not there.
            without: ["!libaudit*", "!libcap-ng0", "!libpam0g", libllvm14, libz3-4, locales, libc-l10n, openssl, postgresql-client-common, postgresql-common, ssl-cert]
            exclude:
            - /usr/lib/postgresql/15/lib/bitcode/**
            - /usr/lib/postgresql/15/lib/llvmjit*
            - /usr/share/postgresql/15/man/**
            - /usr/share/perl5/**
            users:
            - {name: postgres, id: 999, home: /var/lib/postgresql, comment: PostgreSQL}
            directories:
            - {path: /docker-entrypoint-initdb.d}
            - {path: /var/lib/postgresql, owner: "999:999"}
            - {path: /var/lib/postgresql/data, mode: "1777", owner: "999:999"}
            - {path: /run/postgresql, mode: "3777", owner: "999:999"}
            files:
            - {path: /usr/local/bin/docker-entrypoint.sh, source: entrypoint.sh, mode: "0755"}
            env:
              PATH: /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/15/bin
              LANG: C.UTF-8
              PGDATA: /var/lib/postgresql/data
              PG_MAJOR: "15"
            volumes: [/var/lib/postgresql/data]
            entrypoint: [docker-entrypoint.sh]
            cmd: [postgres]
            ports: [5432]
            # Ends transactions that are open and clients' connections, and writes what is in memory.
            stopSignal: SIGINT

            """##
        ),
        (
            "prometheus/recipe.yaml",
            ##"""
            summary: Prometheus of Debian, with the places and arguments of the image that its project publishes. Discovery in
              Kubernetes, which Debian builds without, is aegis-prometheus, built from Sources/aegis-prometheus and taken from
              beside aegis.
            names: ["prom/prometheus:latest", "prom/prometheus:v2.42.0"]
            base: debian
            packages: [ca-certificates, libstdc++6, prometheus, zlib1g]
            without: [daemon, fonts-*, javascript-common, libjs-*, node-*, openssl, prometheus-node-exporter*, tzdata]
            exclude: [/var/lib/prometheus/**]
            directories:
            - {path: /prometheus, mode: "0777", owner: "65534:65534"}
            - {path: /etc/prometheus}
            files:
            - {path: /etc/ssl/certs/ca-certificates.crt, join: /usr/share/ca-certificates/mozilla, suffix: .crt}
            - {path: /usr/local/bin/aegis-prometheus, input: aegis-prometheus, mode: "0755"}
            user: nobody
            workingDir: /prometheus
            volumes: [/prometheus]
            entrypoint: [/usr/local/bin/aegis-prometheus]
            cmd:
            - --config.file=/etc/prometheus/prometheus.yml
            - --storage.tsdb.path=/prometheus
            ports: [9090]

            """##
        ),
        (
            "redis-exporter/recipe.yaml",
            ##"""
            summary: Figures of Redis for Prometheus.
            names: ["oliver006/redis_exporter:latest", "quay.io/oliver006/redis_exporter:latest"]
            base: debian
            packages: [ca-certificates, prometheus-redis-exporter]
            without: [daemon, openssl]
            files:
            - {path: /etc/ssl/certs/ca-certificates.crt, join: /usr/share/ca-certificates/mozilla, suffix: .crt}
            user: "59000:59000"
            entrypoint: [/usr/bin/prometheus-redis-exporter]
            ports: [9121]

            """##
        ),
        (
            "redis/entrypoint.sh",
            ##"""
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

            """##
        ),
        (
            "redis/recipe.yaml",
            ##"""
            summary: Redis 7 of Debian, with the places of the image that Docker publishes.
            names: ["redis:7", "redis:7-alpine", "redis:7-bookworm"]
            base: debian
            packages: [redis-server]
            without: [openssl]
            users:
            - {name: redis, id: 999, home: /data}
            directories:
            - {path: /data, owner: "999:999"}
            files:
            - {path: /usr/local/bin/docker-entrypoint.sh, source: entrypoint.sh, mode: "0755"}
            env:
              LANG: C.UTF-8
            volumes: [/data]
            workingDir: /data
            entrypoint: [docker-entrypoint.sh]
            cmd: [redis-server]
            ports: [6379]

            """##
        ),
        (
            "tools/recipe.yaml",
            ##"""
            summary: Clients to look at a platform with. curl, psql, redis-cli, dig and busybox.
            names: ["aegis/tools:latest", "aegis/tools:1"]
            base: debian
            packages: [bind9-dnsutils, ca-certificates, curl, postgresql-client-15, redis-tools]
            without: [openssl, postgresql-client-common]
            files:
            - {path: /etc/ssl/certs/ca-certificates.crt, join: /usr/share/ca-certificates/mozilla, suffix: .crt}
            exclude: [/usr/bin/redis-benchmark, /usr/bin/redis-check-*, /usr/bin/redis-sentinel]
            env:
              PATH: /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/15/bin
              LANG: C.UTF-8
            cmd: [sh]

            """##
        ),
        (
            "web/recipe.yaml",
            ##"""
            summary: A web server for tests. It serves /www at port 8080.
            names: ["aegis/web:latest", "aegis/web:1"]
            base: debian
            directories:
            - {path: /www}
            files:
            - {path: /www/index.html, content: "hello from aegis\n"}
            - {path: /usr/local/bin/web, source: web.sh, mode: "0755"}
            user: nobody
            workingDir: /www
            entrypoint: [web]
            ports: [8080]

            """##
        ),
        (
            "web/web.sh",
            ##"""
            #!/bin/sh
            # The first process of a container gets only the signals that it handles.
            trap 'kill $server; exit 0' TERM INT
            httpd -f -p "${PORT:-8080}" -h "${ROOT:-/www}" &
            server=$!
            wait $server

            """##
        ),
    ]
}
