# layers.awk reads the include lines of all C files and says which one climbs.
#
#   awk -f test/tools/layers.awk FILE...      (paths from the repository root)
#
# The layers, and what each may include beside itself:
#
#   sspi -> engine -> {handshake, record} -> crypto-glue -> engine/base
#
# handshake and record do not include each other.  Beyond the picture:
# <tomcrypt.h>, <tommath.h> and <gmp.h> appear only in crypto-glue/glue_ltc.h
# (and in the glue's own tests, which compare with them); only crypto-glue/*.c
# include that, so x509/ and own/ are blind to it;
# public headers (engine/tch.h, sspi/include/) reach nothing private;
# examples and the command see public headers only; nobody includes a .c file;
# nothing outside test/ includes test/.
#
# It prints one line per offence and exits with 1 if there was one.

function layer_of(path) {
    if (path ~ /^engine\/base\//)     return "base"
    if (path ~ /^engine\/examples\//) return "example"
    if (path == "engine/tch.h")       return "tch"
    if (path ~ /^engine\//)           return "engine"
    if (path ~ /^crypto-glue\//)      return "glue"
    if (path ~ /^record\//)           return "record"
    if (path ~ /^handshake\//)        return "handshake"
    if (path ~ /^sspi\/include\//)    return "public"
    if (path ~ /^sspi\/examples\//)   return "example"
    if (path ~ /^sspi\/tools\//)      return "command"
    if (path ~ /^sspi\//)             return "sspi"
    if (path ~ /^test\//)             return "test"
    return "nowhere"
}

BEGIN {
    may["base"]      = " base "
    may["glue"]      = " glue base "
    may["record"]    = " record glue base "
    may["handshake"] = " handshake glue base "
    may["tch"]       = " tch base "
    may["engine"]    = " engine tch handshake record glue base "
    may["public"]    = " public "
    may["sspi"]      = " sspi public engine tch handshake record glue base "
    may["command"]   = " command public tch "
    may["example"]   = " example public tch "
    may["test"]      = " test sspi public engine tch handshake record glue base "
    for (i = 1; i < ARGC; i++) {
        known[ARGV[i]] = 1
    }
}

function offence(text) {
    printf "%s:%d: %s\n", FILENAME, FNR, text
    bad = 1
}

# The file that a quoted include names: from the root, from the includer's
# folder, or a public header by its bare name; "" when there is none.
function resolve(name,    folder) {
    if (name in known) {
        return name
    }
    folder = FILENAME
    sub(/[^\/]*$/, "", folder)
    if ((folder name) in known) {
        return folder name
    }
    if (("sspi/include/" name) in known) {
        return "sspi/include/" name
    }
    if (("engine/" name) in known && name == "tch.h") {
        return "engine/tch.h"
    }
    return ""
}

/^[ \t]*#[ \t]*include[ \t]*["<]/ {
    name = $0
    sub(/^[^"<]*["<]/, "", name)
    angle = ($0 ~ /include[ \t]*</)
    sub(/[">].*/, "", name)
    mine = layer_of(FILENAME)

    if (name ~ /^(tomcrypt|tommath|gmp)[A-Za-z_]*\.h$/) {
        if (FILENAME != "crypto-glue/glue_ltc.h" &&
            FILENAME !~ /^test\/unit\/glue\//) {
            offence("<" name "> belongs in crypto-glue/glue_ltc.h alone")
        }
        next
    }
    target = resolve(name)
    if (target == "") {
        if (!angle) {
            offence("\"" name "\" is no file of this tree")
        }
        next
    }
    if (target !~ /\.(h|inc)$/) {
        offence("includes " target ", which is no header")
    }
    if (target == "crypto-glue/glue_ltc.h" &&
        FILENAME !~ /^crypto-glue\/[^\/]*$/ && mine != "test") {
        offence(target " is private to crypto-glue/*.c")
    }
    theirs = layer_of(target)
    if (index(may[mine], " " theirs " ") == 0) {
        offence(mine " includes " target " (" theirs ")")
    }
}

END { exit bad }
