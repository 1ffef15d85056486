# common.sh is read by the interoperability tests: peers, cases, processes.
#
# Each test file runs in a network of its own (unshare -n), because gnutls-serv
# listens on all addresses and so that ports need no choosing.  Where that is
# not allowed, openssl is still tested, on the ordinary loopback.

if [ -z "${INTEROP_NET:-}" ]; then
    for how in 'unshare -n' 'unshare -rn'; do
        if $how sh -c 'ip link set lo up' 2> /dev/null; then
            INTEROP_NET=own
            export INTEROP_NET
            exec $how sh -c 'ip link set lo up && exec sh "$0" "$@"' "$0" "$@"
        fi
    done
    INTEROP_NET=shared
fi

. test/tools/tap.sh
tool=${TOMCHANNEL:-${BUILD:-build}/tomchannel}
certs=vectors/certs
dir=$tap_dir
pids=

if [ "$INTEROP_NET" = own ]; then
    port=4000
else
    port=$((20000 + $$ % 20000))
fi

# End what this test started, by number.
stop() {
    for pid in $pids; do
        kill "$pid" 2> /dev/null
        wait "$pid" 2> /dev/null
    done
    pids=
}
trap 'stop; rm -rf "$tap_dir"' EXIT

# start PATTERN COMMAND...: runs a server in the background, for ten minutes at
# most, and waits until its output shows that it listens.  The word PORT in
# the command stands for a fresh port, which is then in $port.
start() {
    pattern=$1
    shift
    port=$((port + 1))
    command=
    for word; do
        word=$(printf '%s' "$word" | sed "s/^PORT\$/$port/; s/:PORT\$/:$port/")
        command="$command '$word'"
    done
    server_command=$command
    server_log=$dir/server.log
    : > "$server_log"
    eval "exec timeout 600 $command" > "$server_log" 2>&1 \
        < "${server_input:-/dev/null}" &
    pids="$pids $!"
    tries=0
    until grep -q "$pattern" "$server_log"; do
        tries=$((tries + 1))
        if [ $tries -gt 250 ]; then
            fail "a server starts" "$command" "$(tail -n 20 "$server_log")"
            return 1
        fi
        sleep 0.04
    done
}

ours() {        # OPTION...: our server
    start 'listening on' "$tool" server --port PORT "$@"
}

openssl_server() {
    start ACCEPT openssl s_server -accept 127.0.0.1:PORT "$@"
}

# judge NAME STATUS WANTED-STATUS PATTERNS COMMAND...: one case's verdict.
# PATTERNS are separated by blanks; each must stand in the output, one that
# begins with ! must not; _ in a pattern stands for itself, % for a blank.
judge() {
    name=$1 got=$2 want=$3 patterns=$4
    shift 4
    wrong=
    [ "$got" = "$want" ] || wrong="exit status $got, not $want"
    for pattern in $patterns; do
        text=$(printf '%s' "${pattern#!}" | tr '%' ' ')
        case $pattern in
        !*) ! grep -qF -- "$text" "$dir/out" || wrong="$wrong; has: $text" ;;
        *)  grep -qF -- "$text" "$dir/out" || wrong="$wrong; lacks: $text" ;;
        esac
    done
    if [ -z "$wrong" ]; then
        pass "$name"
    else
        fail "$name" "${wrong#; }" "command: $*" "server: $server_command" \
            "$(tail -n 30 "$dir/out")" "server's last words:" \
            "$(tail -n 5 "$server_log")"
    fi
}

page='GET / HTTP/1.0\r\n\r\n'

# client NAME WANTED-STATUS PATTERNS OPTION...: our client against $port.
client() {
    name=$1 want=$2 patterns=$3
    shift 3
    timeout 40 "$tool" client "127.0.0.1:$port" "$@" > "$dir/out" 2>&1 \
        < /dev/null
    judge "$name" $? "$want" "$patterns" "$tool client 127.0.0.1:$port $*"
}

# peer NAME PATTERNS COMMAND...: their client against our server, with a
# request for the page on its input.  Its exit status is not looked at, what
# it printed is.  $patience are its seconds, if that is set; $hold are those
# that its input stays open for.
peer() {
    name=$1 patterns=$2
    shift 2
    { printf "$page"; sleep "${hold:-0}"; } |
        timeout "${patience:-40}" "$@" > "$dir/out" 2>&1
    judge "$name" 0 0 "$patterns" "$*"
}

# The suites of this part, and what else the command lists of their kinds.
suites() {
    {
        for suite in ECDHE_ECDSA ECDHE_RSA; do
            for rest in AES_128_GCM_SHA256 AES_256_GCM_SHA384 \
                CHACHA20_POLY1305_SHA256 AES_128_CBC_SHA AES_256_CBC_SHA \
                AES_128_CBC_SHA256 AES_256_CBC_SHA384; do
                echo "TLS_${suite}_WITH_$rest"
            done
        done
        for rest in AES_128_GCM_SHA256 AES_256_GCM_SHA384 AES_128_CBC_SHA \
            AES_256_CBC_SHA AES_128_CBC_SHA256 AES_256_CBC_SHA256; do
            echo "TLS_RSA_WITH_$rest"
        done
        "$tool" suites | awk '{ print $2 }' | grep -E \
            '^TLS_(EC)?(DHE_)?(ECDSA|RSA)_WITH_(AES|CHACHA20|CAMELLIA)_'
    } | awk '!seen[$0]++'
}

# The certificate that a suite needs.
cert_of() {
    case $1 in
    *ECDHE_ECDSA*) echo server-ec256 ;;
    *) echo server-rsa2048 ;;
    esac
}

pair() {        # NAME: --cert and --key of one of ours
    echo "--cert $certs/$1.pem --key $certs/$1.key"
}

# A GnuTLS priority string that leaves one suite; empty if its cipher or MAC is
# none that we know the name of.  GROUP and SIGN parts are all of them.
gnutls_priority() {
    rest=${1#TLS_}
    kx=$(printf '%s' "${rest%%_WITH_*}" | tr _ -)
    cipher=${rest#*_WITH_} mac=AEAD
    case $cipher in
    AES_*_GCM_* | CAMELLIA_*_GCM_*) cipher=${cipher%_*} ;;
    CHACHA20_POLY1305*) cipher=CHACHA20-POLY1305 ;;
    AES_*_CCM*) ;;
    AES_*_CBC_* | CAMELLIA_*_CBC_*)
        mac=${cipher##*_}
        cipher=${cipher%_*}
        [ "$mac" != SHA ] || mac=SHA1
        ;;
    *) return ;;
    esac
    cipher=$(printf '%s' "$cipher" | tr _ -)
    echo "NONE:+VERS-TLS1.2:+COMP-NULL:+$kx:+$cipher:+$mac:+SIGN-ALL:+GROUP-ALL"
}
tls12=NORMAL:-VERS-ALL:+VERS-TLS1.2
every_suite=$tls12:+RSA:+DHE-RSA:+SHA256:+SHA384
for cipher in AES-128-CCM AES-256-CCM AES-128-CCM-8 AES-256-CCM-8 \
    CAMELLIA-128-GCM CAMELLIA-256-GCM CAMELLIA-128-CBC CAMELLIA-256-CBC; do
    every_suite=$every_suite:+$cipher
done
