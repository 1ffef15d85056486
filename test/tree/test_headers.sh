# Every header compiles alone, before anything else was included.
. test/tools/tap.sh
cc=${CC:-gcc}
flags='-std=c11 -D_DEFAULT_SOURCE -I. -Isspi/include'
flags="$flags -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wundef"
flags="$flags -Wstrict-prototypes -Werror -fsyntax-only -x c"

alone() {
    printf '#include "%s"\ntypedef int tch_not_empty;\n' "$1" | $cc $flags -
}
for h in $(find engine crypto-glue record handshake sspi test -name '*.h'); do
    expect "$h compiles alone" alone "$h"
done

# As installed, where each user's include path ends.
include=${BUILD:-build}/include/tomchannel
flags="$flags -I$include -I$include/sspi"
for h in $(cd "$include" && find . -name '*.h' | sed 's/^\.\///'); do
    expect "installed $h compiles alone" alone "$include/$h"
done
finish
