# `make install` leaves what a program needs, pkg-config finds it, programs link
# against it both ways, and `make uninstall` takes all of it away again.
. test/tools/tap.sh
build=${BUILD:-build}
cc=${CC:-gcc}
make=${MAKE:-make}
root=$tap_dir/root
lib=$root/usr/lib

# The flags of the make that runs the tests, without its job server.
MAKEFLAGS=$(printf '%s' "${MAKEFLAGS:-}" |
    sed -e 's/--jobserver-[a-z]*=[^ ]*//g' -e 's/\(^\| \)-j[0-9]*//g')
export MAKEFLAGS
expect 'make_install_succeeds' \
    $make BUILD="$build" DEPS=no DESTDIR="$root" PREFIX=/usr install

for file in lib/libtomchannel.a lib/libtomchannel.so lib/libtomchannel.so.0 \
    lib/pkgconfig/tomchannel.pc bin/tomchannel include/tomchannel/tch.h \
    include/tomchannel/sspi/sspi.h include/tomchannel/sspi/schannel.h \
    include/tomchannel/sspi/security.h \
    include/tomchannel/sspi/tomchannel_sspi.h; do
    expect "installed: $file" test -s "$root/usr/$file"
done

if ! command -v pkg-config > /dev/null; then
    skip 'pkg_config_flags_build_a_program' 'no pkg-config'
    finish
fi
PKG_CONFIG_LIBDIR=$lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root
export PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR
cflags="-std=c11 -D_DEFAULT_SOURCE $(pkg-config --cflags tomchannel)"
san=${SANITIZE:+-fsanitize=$SANITIZE}

programs=$(ls engine/examples/*.c sspi/examples/*.c)
for md in README.md engine/README.md; do
    programs="$programs $(sh test/tools/readme-examples "$md" "$tap_dir/src")"
done
for program in $programs; do
    name=${program##*/}
    expect "$name links with the shared library" \
        $cc $cflags $san -o "$tap_dir/shared" "$program" \
        $(pkg-config --libs tomchannel)
    expect "$name links with the static library" \
        $cc $cflags $san -o "$tap_dir/static" "$program" -Wl,-Bstatic \
        -L"$lib" -ltomchannel \
        $(pkg-config --static --libs-only-l tomchannel |
            sed 's/-ltomchannel//') -Wl,-Bdynamic
    if args=$(sh test/tools/example-args "${name%.c}"); then
        expect "$name runs on the installed shared library" \
            env LD_LIBRARY_PATH="$lib" timeout 30 "$tap_dir/shared" $args
        expect "$name runs with the static library" \
            timeout 30 "$tap_dir/static" $args
    fi
done

expect 'make_uninstall_succeeds' \
    $make BUILD="$build" DEPS=no DESTDIR="$root" PREFIX=/usr uninstall
left=$(find "$root" ! -type d)
if [ -z "$left" ]; then
    pass 'make_uninstall_leaves_no_file'
else
    fail 'make_uninstall_leaves_no_file' "$left"
fi
finish
