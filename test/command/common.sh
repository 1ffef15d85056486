# common.sh is read by the tests of the command: a server on a port that the
# system chooses, and verdicts on what the command said.
. test/tools/tap.sh
tool=${BUILD:-build}/tomchannel
certs=vectors/certs
dir=$tap_dir
pids=

stop() {
    for pid in $pids; do
        kill "$pid" 2> /dev/null
        wait "$pid" 2> /dev/null
    done
    pids=
}
trap 'stop; rm -rf "$tap_dir"' EXIT

# serve COMMAND...: in the background; $port is where it listens.
serve() {
    : > "$dir/server.log"
    timeout 300 "$@" > "$dir/server.log" 2>&1 < /dev/null &
    pids="$pids $!"
    tries=0
    until port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' \
        "$dir/server.log") && [ -n "$port" ]; do
        tries=$((tries + 1))
        if [ $tries -gt 500 ]; then
            fail 'a server starts' "$*" "$(cat "$dir/server.log")"
            return 1
        fi
        sleep 0.02
    done
}

ours() {        # OPTION...
    serve "$tool" server --port 0 "$@"
}

pair() {        # NAME: --cert and --key of one of ours
    echo "--cert $certs/$1.pem --key $certs/$1.key"
}

# verdict NAME STATUS WANTED PATTERNS: as in the interoperability tests; the
# output is in $dir/out, % stands for a blank, ! for "must not be there".
verdict() {
    wrong=
    [ "$2" = "$3" ] || wrong="exit status $2, not $3"
    for pattern in $4; do
        text=$(printf '%s' "${pattern#!}" | tr '%' ' ')
        case $pattern in
        !*) ! grep -qF -- "$text" "$dir/out" || wrong="$wrong; has: $text" ;;
        *)  grep -qF -- "$text" "$dir/out" || wrong="$wrong; lacks: $text" ;;
        esac
    done
    if [ -z "$wrong" ]; then
        pass "$1"
    else
        fail "$1" "${wrong#; }" "$(tail -n 30 "$dir/out")" \
            "server: $(tail -n 5 "$dir/server.log" 2> /dev/null)"
    fi
}

# run NAME WANTED PATTERNS ARGUMENT...: the command, both outputs together.
run() {
    run_name=$1 run_want=$2 run_patterns=$3
    shift 3
    timeout 60 "$tool" "$@" > "$dir/out" 2>&1 < /dev/null
    verdict "$run_name" $? "$run_want" "$run_patterns"
}
