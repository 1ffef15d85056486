# The SSPI headers serve programs as those on Windows do: in every order of
# includes, language and width of wchar_t, with the measured values and sizes.
# What is compiled lies in test/unit/sspi/headers_*.
. test/tools/tap.sh
LC_ALL=C
export LC_ALL
cc=${CC:-gcc}
dir=test/unit/sspi
list=../shared/spec/sspi-constants.txt
paths="-I. -Isspi/include"
strict='-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion'
strict="$strict -Wcast-qual -Wwrite-strings -Wundef -Werror"

compilers_of() {    # those of the names that exist here
    for c; do
        command -v "$c" > /dev/null && echo "$c"
    done
}

# ------------------------------------------------------- programs to compile
src=$tap_dir/src
mkdir "$src"
order() {           # NAME: the text on standard input, with a client behind
    cat > "$src/$1.c"
    echo '#include "test/unit/sspi/headers_client.inc"' >> "$src/$1.c"
}
order windows_first << 'END'
#include <windows.h>
#define SECURITY_WIN32
#include <security.h>
#include <schannel.h>
END
order capital_letter_lean << 'END'
#define WIN32_LEAN_AND_MEAN
#include <Windows.h>
#include <wincrypt.h>
#define SECURITY_WIN32
#include <sspi.h>
#include <schannel.h>
END
order without_windows << 'END'
#define SECURITY_WIN32
#include <security.h>
#include <schannel.h>
END
order schnlsp_alone << 'END'
#include <schnlsp.h>
END
order sspi_without_security << 'END'
#include <windows.h>
#include <sspi.h>
#include <schannel.h>
END
order schannel_first << 'END'
#include <schannel.h>
#include <sspi.h>
#include <security.h>
#include <windows.h>
END
order subauth_and_blacklists << 'END'
#include <windows.h>
#include <winerror.h>
#include <subauth.h>
#define SECURITY_WIN32
#define SCHANNEL_USE_BLACKLISTS
#include <security.h>
#include <schnlsp.h>
#include <schannel.h>
#include "test/unit/sspi/headers_blacklists.inc"
END
order ntsecapi_and_blacklists << 'END'
#define SCHANNEL_USE_BLACKLISTS 1
#include <ntsecapi.h>
#include <schannel.h>
#include <sspi.h>
#include "test/unit/sspi/headers_blacklists.inc"
END
order blacklists_asked_for_late << 'END'
#include <security.h>
#include <schannel.h>
#define SCHANNEL_USE_BLACKLISTS
#include <schannel.h>
#include "test/unit/sspi/headers_blacklists.inc"
END
order own_copies << 'END'
#define SECURITY_WIN32
#include <windows.h>
#include <security.h>
#include <schnlsp.h>
#include "test/unit/sspi/headers_own_copies.inc"
END
order everything << 'END'
#include <issper16.h>
#include <minschannel.h>
#include <ncrypt.h>
#include <bcrypt.h>
#include <wincrypt.h>
#include <security.h>
#include <schannel.h>
END
for h in sspi/include/*.h; do
    printf '#include "%s"\ntypedef int tch_not_empty;\n' "$h" \
        > "$src/alone_$(basename "$h" .h).c"
done
n="$(ls "$src" | grep -c alone_) headers alone, $(ls "$src" | grep -v -c alone_) orders of includes"

compile_all() {     # COMPILER STANDARD EXTRA...
    compiler=$1 standard=$2
    shift 2
    case $standard in
    c++*) set -- "$@" -x c++ ;;
    *)    set -- "$@" -x c -Wstrict-prototypes -Wmissing-prototypes ;;
    esac
    # shellcheck disable=SC2086
    $compiler -std=$standard $paths $strict -fsyntax-only "$@" "$src"/*.c
}

for compiler in $(compilers_of gcc clang); do
    for standard in c99 c11; do
        expect "$n: $compiler, $standard, A" \
            compile_all "$compiler" $standard
        expect "$n: $compiler, $standard, W" \
            compile_all "$compiler" $standard -DUNICODE -D_UNICODE
    done
    expect "$n: $compiler, c11, W, 2-byte wchar_t" \
        compile_all "$compiler" c11 -DUNICODE -fshort-wchar
done
for compiler in g++ clang++; do
    if [ -z "$(compilers_of $compiler)" ]; then
        skip "$n: $compiler, c++17" "no $compiler here"
        continue
    fi
    expect "$n: $compiler, c++17, A" \
        compile_all $compiler c++17
    expect "$n: $compiler, c++17, W" \
        compile_all $compiler c++17 -DUNICODE
done

# Where long has 32 bits, ULONG is unsigned long (client facts 2).  The 32-bit
# C library need not be installed: the compiler's own headers suffice, but its
# limits.h wants one of the library's to follow.
mkdir "$tap_dir/c32"
: > "$tap_dir/c32/limits.h"
compiles() {        # CODE EXTRA...
    printf '%s\n' "$1" > "$tap_dir/code.c"
    shift
    # shellcheck disable=SC2086
    $cc -std=c11 $paths $strict -fsyntax-only "$@" "$tap_dir/code.c"
}
if compiles 'extern char c[sizeof(long) == 4 ? 1 : -1];' -m32 2> /dev/null; then
    expect 'ULONG is unsigned long where long has 32 bits' compiles '
#include <schnlsp.h>
ULONG f(unsigned long *p, TimeStamp *t);
ULONG f(unsigned long *p, TimeStamp *t)
{ ULONG *q = p; LONG *h = &t->HighPart; long *i = h; return *q + (*i < 0); }' \
        -m32 -ffreestanding -nostdinc \
        -isystem "$($cc -print-file-name=include)" -isystem "$tap_dir/c32"
else
    skip 'ULONG is unsigned long where long has 32 bits' "$cc has no -m32"
fi

# What must not compile, each with a good twin that differs in one thing.
expect 'security.h says user mode' compiles '#define SECURITY_WIN32
#include <security.h>'
expect_not 'security.h refuses kernel mode' compiles '#define SECURITY_KERNEL
#include <security.h>'
name_of() {         # TYPE
    echo "#include <security.h>
SECURITY_STATUS f($1 *s, PSecPkgInfo *p);
SECURITY_STATUS f($1 *s, PSecPkgInfo *p)
{ return QuerySecurityPackageInfo(s, p); }"
}
expect 'an A function takes a narrow text' compiles "$(name_of CHAR)"
expect_not 'an A function takes no wide text' compiles "$(name_of WCHAR)"
expect 'SCH_CREDENTIALS exists with SCHANNEL_USE_BLACKLISTS' \
    compiles '#define SCHANNEL_USE_BLACKLISTS
#include <schannel.h>
extern SCH_CREDENTIALS c;'
expect_not 'SCH_CREDENTIALS does not exist without SCHANNEL_USE_BLACKLISTS' \
    compiles '#include <schannel.h>
extern SCH_CREDENTIALS c;'

# ------------------------------------------------------------ layouts, values
build() {           # OUT SOURCE EXTRA...
    out=$1 source=$2
    shift 2
    # shellcheck disable=SC2086
    $cc -std=c11 -D_DEFAULT_SOURCE $paths -Wall -Wextra -Werror "$@" \
        -o "$tap_dir/$out" "$source" -lcmocka
}
run() { CMOCKA_MESSAGE_OUTPUT=TAP "$tap_dir/$1"; }

expect 'the core of the checks builds with 2-byte wchar_t' \
    build core16 $dir/test_headers.c -fshort-wchar
expect 'the core of the checks holds with 2-byte wchar_t (F2)' run core16

generate() {        # LIST
    awk -f test/tools/gen-header-test.awk $dir/headers_elsewhere.txt "$1"
}
# Values, texts and sizes are one line of the list each.
accounted() {       # TOTALS
    lines=$(grep -v '^#' "$list" | grep -c .)
    awk -v lines="$lines" '/^# checked/ { sum = $3 + $5 + $7 }
        /^# lines/ { exit !($3 + 0 == lines && sum + $6 == lines) }' "$1"
}
if [ -r "$list" ]; then
    generate "$list" > "$tap_dir/all.c"
    for width in 2 4; do
        short=
        [ $width = 4 ] || short=-fshort-wchar
        expect "the check of the list builds, $width-byte wchar_t" \
            build all$width "$tap_dir/all.c" $short
        expect "every constant and struct of the list, $width-byte wchar_t (F2)" \
            run all$width
        run all$width | grep '^# [cl]' | tee "$tap_dir/totals"
        expect "no line of the list is left out, $width-byte wchar_t" \
            accounted "$tap_dir/totals"
    done
    # Bad twins: a list that differs in one value, text, size or offset.
    differs() {     # WHAT SCRIPT
        sed "$2" "$list" > "$tap_dir/differs.txt"
        if cmp -s "$list" "$tap_dir/differs.txt"; then
            fail "a different $1 is found" 'the list holds no such line'
            return
        fi
        generate "$tap_dir/differs.txt" > "$tap_dir/differs.c"
        if build differs "$tap_dir/differs.c"; then
            expect_not "a different $1 is found" run differs
        else
            fail "a different $1 is found" 'the check of that list does not build'
        fi
    }
    differs value 's/^SEC_I_RENEGOTIATE 0x00090321/SEC_I_RENEGOTIATE 0x00090322/'
    differs text 's/^szOID_RSA_RSA "1.2/szOID_RSA_RSA "1.3/'
    differs width 's/^SCHANNEL_NAME_W L"/SCHANNEL_NAME_W "/'
    differs size 's/^struct SCHANNEL_CRED size64=80/struct SCHANNEL_CRED size64=88/'
    differs offset 's/ pvBuffer@8 header=sspi.h/ pvBuffer@12 header=sspi.h/'
    differs macro 's/^SECBUFFER_ALERT /SECBUFFER_ALARM /'
else
    skip 'every constant and struct of the list (F2)' "no $list here"
fi

# ------------------------------------------------------------------ functions
# What the headers declare, under the names that the linker sees; that the
# library has what sspi/Symbols.list names is test_symbols.sh's business.
declared() {        # EXTRA...
    # shellcheck disable=SC2086
    { cat "$src/everything.c"; echo '#include <tomchannel_sspi.h>'; } |
        $cc -std=c11 $paths -E -P "$@" -x c - | tr '\n' ' ' |
        tr ';' '\n' | grep 'visibility("default")' |
        sed 's/.*visibility("default")))//; s/(.*//; s/.*[ *]//' | sort
}
declared > "$tap_dir/names"
declared -fshort-wchar > "$tap_dir/names16"
# All with W, and the A functions whose structs hold WCHARs.
sed -e 's/^\(.*[a-z]W\)$/\116/' \
    -e 's/^\(\(AcquireCredentialsHandle\|InitSecurityInterface\)A\)$/\116/' \
    -e 's/^\(QueryContextAttributes\(Ex\)\{0,1\}A\)$/\116/' \
    "$tap_dir/names" | sort > "$tap_dir/expected16"
if [ -s "$tap_dir/names" ] &&
    cmp -s "$tap_dir/names16" "$tap_dir/expected16"; then
    pass 'functions that depend on wchar_t and no others have a second name'
else
    fail 'functions that depend on wchar_t and no others have a second name' \
        "$(diff "$tap_dir/expected16" "$tap_dir/names16")"
fi
sort -u "$tap_dir/names" "$tap_dir/names16" > "$tap_dir/declared"
sed 's/[ #].*//' sspi/Symbols.list | grep . | sort > "$tap_dir/listed"
none_in() {            # NAME FILE: passes if the file of offenders is empty
    if [ -s "$2" ]; then
        fail "$1" "$(cat "$2")"
    else
        pass "$1"
    fi
}
comm -23 "$tap_dir/declared" "$tap_dir/listed" > "$tap_dir/offenders"
none_in 'each function that a header declares is in sspi/Symbols.list' \
    "$tap_dir/offenders"
comm -13 "$tap_dir/declared" "$tap_dir/listed" > "$tap_dir/offenders"
none_in 'each function of sspi/Symbols.list is declared by a header' \
    "$tap_dir/offenders"
finish
