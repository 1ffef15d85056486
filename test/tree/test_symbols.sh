# The shared library exports the names of the committed lists and no other.
. test/tools/tap.sh
build=${BUILD:-build}
so=$build/libtomchannel.so
a=$build/libtomchannel.a
lists=$(ls engine/Symbols.list sspi/Symbols.list)

expect 'exported_listed_and_marked_names_are_the_same' \
    sh test/tools/symbols "$so" "$a" $lists
other=$(nm -D --defined-only "$so" | awk '{ print $NF }' |
    grep -v -E '^(tch_|Tch)' | grep -v -x -F -f sspi/Symbols.list)
if [ -z "$other" ]; then
    pass 'every_name_is_prefixed_or_of_the_SSPI'
else
    fail 'every_name_is_prefixed_or_of_the_SSPI' "$other"
fi

# Bad twins: a list with one name too many, and one without its last name.
cat $lists > "$tap_dir/more"
echo tch_never_defined >> "$tap_dir/more"
expect_not 'a_listed_name_that_nobody_defines_is_reported' \
    sh test/tools/symbols "$so" "$a" "$tap_dir/more"
grep -h '^[A-Za-z]' $lists | sed '$d' > "$tap_dir/less"
expect_not 'an_exported_name_that_is_not_listed_is_reported' \
    sh test/tools/symbols "$so" "$a" "$tap_dir/less"
finish
