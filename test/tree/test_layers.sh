# No include climbs a layer (`make layers`); and the checker sees those that do.
. test/tools/tap.sh

sources=$(find engine crypto-glue record handshake sspi test -name '*.[ch]')
expect 'no_include_of_the_tree_climbs' awk -f test/tools/layers.awk $sources

# The bad twins: each file of this small tree holds one offence.
script=$PWD/test/tools/layers.awk
cd "$tap_dir" || exit 2
mkdir -p engine/base engine/examples crypto-glue/x509 record handshake sspi/include test
: > record/record.h
: > handshake/driver.h
: > crypto-glue/glue_ltc.h
: > crypto-glue/glue.h
: > engine/conn.h
: > engine/tch.h
: > sspi/include/sspi.h
: > engine/base/bytes.h
: > record/record.c

twin() {    # NAME FILE INCLUDE-LINE
    printf '%s\n' "$3" > "$2"
    if awk -f "$script" $(find . -name '*.[ch]' | sed 's/^\.\///') > out; then
        fail "$1" "$2 with $3 was accepted"
    elif [ "$(wc -l < out)" -ne 1 ] || ! grep -q "^$2:1: " out; then
        fail "$1" "$(cat out)"
    else
        pass "$1"
    fi
    rm "$2"
}
twin 'base_includes_nothing_above' engine/base/x.c '#include "crypto-glue/glue.h"'
twin 'record_does_not_see_handshake' record/x.c '#include "handshake/driver.h"'
twin 'handshake_does_not_see_record' handshake/x.c '#include "record/record.h"'
twin 'handshake_does_not_see_the_engine' handshake/x.c '# include "engine/conn.h"'
twin 'record_does_not_see_tch_h' record/x.c '#include "engine/tch.h"'
twin 'engine_does_not_see_sspi' engine/x.c '#include "sspi.h"'
twin 'tomcrypt_is_included_in_one_file' crypto-glue/x.c '#include <tomcrypt.h>'
twin 'gmp_is_included_in_one_file' test/x.c '#include <gmp.h>'
twin 'x509_is_blind_to_tomcrypt' crypto-glue/x509/x.c \
    '#include "crypto-glue/glue_ltc.h"'
twin 'the_engine_is_blind_to_tomcrypt' engine/x.c \
    '#include "crypto-glue/glue_ltc.h"'
twin 'public_headers_reach_nothing_private' sspi/include/x.h \
    '#include "engine/conn.h"'
twin 'examples_see_public_headers_only' engine/examples/x.c \
    '#include "engine/conn.h"'
twin 'a_missing_header_is_reported' record/x.c '#include "record/gone.h"'
twin 'no_c_file_is_included' record/x.c '#include "record.c"'

printf '#include "crypto-glue/glue.h"\n#include <stdint.h>\n' > record/x.c
expect 'a_downward_include_is_accepted' \
    awk -f "$script" $(find . -name '*.[ch]' | sed 's/^\.\///')
finish
