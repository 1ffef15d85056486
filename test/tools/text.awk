# text.awk checks what every C file must look like, as far as lines tell.
#
#   awk -f test/tools/text.awk FILE...        (paths from the repository root)
#
#   every file      at most 80 columns (rows of a table that is laid out by
#                   hand between clang-format off and on may be longer), no
#                   tab, no blank at a line's end, begins with a comment, no
#                   unfinished-work marker
#   headers         include guard made from the path
#   code (not test) no function over 100 lines; none of the calls that have a
#                   safe sibling; in engine/, record/ and handshake/ no memcmp
#                   and no strcmp's relatives on bytes (R-ATK-045: comparisons
#                   of secrets go through engine/base/ct.h)
#
# It prints one line per offence and exits with 1 if there was one.

function offence(line, text) {
    printf "%s:%d: %s\n", FILENAME, line, text
    bad = 1
}

# The line without comments and string literals; `inside` carries over.
function code_of(s,    out, at) {
    out = ""
    gsub(/\\./, "", s)
    gsub(/"[^"]*"/, "\"\"", s)
    while (s != "") {
        if (inside) {
            at = index(s, "*/")
            if (at == 0) {
                return out
            }
            s = substr(s, at + 2)
            inside = 0
        } else {
            at = index(s, "/*")
            if (at == 0) {
                return out s
            }
            out = out substr(s, 1, at - 1)
            s = substr(s, at + 2)
            inside = 1
        }
    }
    return out
}

function guard_of(path) {
    if (path == "engine/tch.h") {
        return "TCH_H"      # installed as tch.h
    }
    path = toupper(path)
    gsub(/[^A-Z0-9]/, "_", path)
    return "TCH_" path
}

FNR == 1 {
    inside = 0
    body = 0
    product = FILENAME !~ /^test\//
    ours = FILENAME ~ /^(engine|record|handshake)\//
    header = FILENAME ~ /\.h$/
    guard = guard_of(FILENAME)
    begun = 0
    by_hand = 0
    if (wanted != "") {
        offence_at_end()
    }
    wanted = header ? guard : ""
    wanted_file = FILENAME
}

function offence_at_end() {
    printf "%s:1: no include guard %s\n", wanted_file, wanted
    bad = 1
}

# The first line but for the include guard has to open the essay.
!begun && !/^(#ifndef|#define) [A-Z0-9_]+_H_*$/ && NF {
    begun = 1
    if ($0 !~ /^\/\*/) {
        offence(FNR, "does not begin with a comment on what this part does")
    }
}

/clang-format off/ { by_hand = 1 }
/clang-format on/  { by_hand = 0 }
length($0) > 80 && !by_hand { offence(FNR, "over 80 columns (" length($0) ")") }
/\t/            { offence(FNR, "tab") }
/[ \t]$/        { offence(FNR, "blank at the end of the line") }
/(TODO|FIXME|XXX|HACK)([^A-Za-z_]|$)/ {
    if ($0 !~ /[A-Za-z_](TODO|FIXME|XXX|HACK)/) {
        offence(FNR, "unfinished-work marker")
    }
}

{
    code = code_of($0)
    # The SSPI headers may keep guards that Windows programs test for.
    if (code ~ /^#[ \t]*ifndef/ && wanted != "" &&
        ($2 == wanted || FILENAME ~ /^sspi\/include\//)) {
        wanted = ""
    }
    if (product) {
        if (match(code, /(^|[^A-Za-z0-9_])(strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|strtok|rand|srand|alloca|system|mktemp|tmpnam) *\(/)) {
            offence(FNR, "has a safe sibling: " substr(code, RSTART, RLENGTH) ")")
        }
        if (ours && match(code, /(^|[^A-Za-z0-9_])(memcmp|bcmp) *\(/)) {
            offence(FNR, "memcmp; use engine/base/ct.h")
        }
        if ($0 ~ /^\{/) {
            body = FNR
        }
        if ($0 ~ /^\}/ && body) {
            if (FNR - body > 101) {
                offence(body, "a function of " FNR - body - 1 " lines")
            }
            body = 0
        }
    }
}

END {
    if (wanted != "") {
        offence_at_end()
    }
    exit bad
}
