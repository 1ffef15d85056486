# The tree builds: both libraries and the command, with every warning an error.
. test/tools/tap.sh
build=${BUILD:-build}

status=$(cat "$build/build-status" 2> /dev/null || echo 'not run')
if [ "$status" = 0 ]; then
    pass 'everything_builds_without_a_warning'
else
    fail 'everything_builds_without_a_warning' \
        "the build ended with: $status; its messages stand above the tests"
fi
for file in libtomchannel.a libtomchannel.so tomchannel; do
    expect "the_build_leaves_$file" test -s "$build/$file"
done
expect 'the_command_needs_public_names_only' test -x "$build/tomchannel-shared"
finish
