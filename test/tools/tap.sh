# tap.sh is read by the shell tests (`. test/tools/tap.sh`): TAP lines, counted.
#
#   pass NAME; fail NAME [DETAIL...]; skip NAME REASON
#   expect NAME COMMAND...       passes if the command succeeds quietly or not
#   expect_not NAME COMMAND...   passes if it fails
#   finish                       prints the plan; status 1 if anything failed
#
# $tap_dir is a temporary directory of the test's own; it goes at the end.

tap_count=0
tap_failed=0
tap_dir=$(mktemp -d) || exit 2
trap 'rm -rf "$tap_dir"' EXIT
trap 'exit 129' HUP INT TERM

pass() {
    tap_count=$((tap_count + 1))
    echo "ok $tap_count - $1"
}

fail() {
    tap_count=$((tap_count + 1))
    tap_failed=$((tap_failed + 1))
    echo "not ok $tap_count - $1"
    shift
    for tap_line; do
        printf '%s\n' "$tap_line" | sed 's/^/#   /'
    done
}

skip() {
    tap_count=$((tap_count + 1))
    echo "ok $tap_count # SKIP $1: $2"
}

expect() {
    tap_name=$1
    shift
    if "$@" > "$tap_dir/.out" 2>&1; then
        pass "$tap_name"
    else
        fail "$tap_name" "$(tail -n 30 "$tap_dir/.out")"
    fi
}

expect_not() {
    tap_name=$1
    shift
    if "$@" > "$tap_dir/.out" 2>&1; then
        fail "$tap_name" "succeeded, but should not:" "$(cat "$tap_dir/.out")"
    else
        pass "$tap_name"
    fi
}

finish() {
    echo "1..$tap_count"
    [ "$tap_failed" -eq 0 ]
    exit
}
