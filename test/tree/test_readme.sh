# The C programs in README.md and engine/README.md compile and link as a
# reader would do it: against the installed headers and the library.
. test/tools/tap.sh
build=${BUILD:-build}
cc=${CC:-gcc}

for md in README.md engine/README.md; do
    programs=$(sh test/tools/readme-examples "$md" "$tap_dir/src")
    if [ -z "$programs" ]; then
        fail "$md holds a C program"
        continue
    fi
    for program in $programs; do
        expect "the program at ${program##*/} compiles and links" \
            $cc -std=c11 -D_DEFAULT_SOURCE -Wall -Wextra -Werror \
            -I"$build/include" -I"$build/include/tomchannel" \
            -I"$build/include/tomchannel/sspi" \
            ${SANITIZE:+-fsanitize=$SANITIZE} -o "$tap_dir/program" \
            "$program" "$build/libtomchannel.a" -ltomcrypt -ltommath -lpthread
    done
done
finish
