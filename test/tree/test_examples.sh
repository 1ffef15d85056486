# The example programs are built as a user builds them, and run.
#
# Those that hold both ends in one process run to their end (example-args knows
# their arguments). The others need a peer; the interoperability tests run
# them. Called without arguments they explain themselves.
. test/tools/tap.sh
build=${BUILD:-build}

ran=0
for source in engine/examples/*.c sspi/examples/*.c; do
    name=${source%.c}
    program=$build/examples/$name
    if args=$(sh test/tools/example-args "${name##*/}"); then
        ran=$((ran + 1))
        expect "$name runs to a good end" timeout 30 "$program" $args
        continue
    fi
    timeout 30 "$program" > "$tap_dir/out" 2>&1 < /dev/null
    status=$?
    if [ $status -ge 1 ] && [ $status -le 2 ] && [ -s "$tap_dir/out" ]; then
        pass "$name says what it needs"
    else
        fail "$name says what it needs" \
            "status $status" "$(cat "$tap_dir/out")"
    fi
done
expect 'an_example_of_the_engine_ran' test $ran -gt 0
finish
