# The example programs are built as a user builds them, and run.
#
# Those of engine/examples hold both ends in one process and need nothing, so
# they run to their end.  Those of sspi/examples need a host and a port; the
# interoperability tests run them.  Called without, they explain themselves.
. test/tools/tap.sh
build=${BUILD:-build}

for source in engine/examples/*.c; do
    name=$(basename "$source" .c)
    expect "engine/examples/$name runs to a good end" \
        timeout 30 "$build/examples/engine/examples/$name"
done
for source in sspi/examples/*.c; do
    name=$(basename "$source" .c)
    program=$build/examples/sspi/examples/$name
    timeout 30 "$program" > "$tap_dir/out" 2>&1 < /dev/null
    status=$?
    if [ $status -le 2 ] && [ -s "$tap_dir/out" ]; then
        pass "sspi/examples/$name says what it did or needs"
    else
        fail "sspi/examples/$name says what it did or needs" \
            "status $status" "$(cat "$tap_dir/out")"
    fi
done
finish
