# embed.awk makes a C file of PEM files, for the demonstration.
#
#   awk -f sspi/tools/embed.awk vectors/certs/ca.pem ... > demo_certs.c
#
# Each file becomes `const char demo_NAME[]`, with - and . of its name as _.

FNR == 1 {
    name = FILENAME
    sub(/.*\//, "", name)
    gsub(/[^A-Za-z0-9]/, "_", name)
    if (NR == 1) {
        print "/* Made by sspi/tools/embed.awk from vectors/certs. */"
        print "#include \"sspi/tools/demo_certs.h\""
    } else {
        print "    \"\";"
    }
    print "\nconst char demo_" name "[] ="
}
{ print "    \"" $0 "\\n\"" }
END { print "    \"\";" }
