# The runner counts what programs report, and what they fail to report.
. test/tools/tap.sh

unset BUILD
runner=$PWD/test/tools/run-tests

program() {     # FILE: its text on standard input
    { echo '#!/bin/sh'; cat; } > "$tap_dir/$1"
    chmod +x "$tap_dir/$1"
}
# runs NAME LINE STATUS FILE...: the runner must end with this line and status
runs() {
    name=$1 line=$2 want=$3
    shift 3
    (cd "$tap_dir" && sh "$runner" -t 2 -o logs "$@" > out 2>&1)
    status=$?
    last=$(tail -n 1 "$tap_dir/out")
    if [ "$last" = "$line" ] && [ $status -eq $want ]; then
        pass "$name"
    else
        fail "$name" "status $status, last line: $last" "$(cat "$tap_dir/out")"
    fi
}
says() {        # NAME TEXT: the output of the last run has it
    if grep -q -F -- "$2" "$tap_dir/out"; then
        pass "$1"
    else
        fail "$1" "$(cat "$tap_dir/out")"
    fi
}

program good << 'END'
printf '1..2\nok 1 - a\nok 2 - b\n'
END
program skips << 'END'
printf '1..2\nok 1 - a\nno such folder\nnot ok 2 # SKIP reads_a_folder\n'
END
program bad << 'END'
printf '1..2\nok 1 - a\nnot ok 2 - b\n# 1 != 2\n'; exit 1
END
program crashes << 'END'
printf '1..2\nok 1 - a\n'; kill -SEGV $$
END
program hangs << 'END'
printf '1..1\n'; exec sleep 60
END
program silent << 'END'
exit 0
END
program stops << 'END'
printf '1..3\nok 1 - a\n'; exit 0
END
program leaks << 'END'
printf '1..1\nok 1 - a\n'; exit 23
END
printf 'echo "ok 1 - from a script"\n' > "$tap_dir/shell.sh"

runs 'passing_tests_are_summed' '3 passed, 0 failed' 0 ./good ./shell.sh
runs 'a_skip_is_neither_passed_nor_failed' '1 passed, 0 failed' 0 ./skips
says 'a_skip_is_shown_with_its_reason' 'reads_a_folder: no such folder'
says 'skips_are_counted_on_a_line_of_their_own' '1 skipped'
runs 'a_failing_test_fails_the_run' '3 passed, 1 failed' 1 ./good ./bad
says 'what_a_failing_test_printed_is_shown' '# 1 != 2'
runs 'a_crash_is_a_failure' '1 passed, 1 failed' 1 ./crashes
says 'a_crash_is_named' 'died of signal 11'
runs 'a_hang_is_a_failure' '0 passed, 1 failed' 1 ./hangs
says 'a_hang_is_named' 'no end after 2 s'
runs 'a_program_without_tests_is_a_failure' '0 passed, 1 failed' 1 ./silent
runs 'fewer_tests_than_planned_are_a_failure' '1 passed, 1 failed' 1 ./stops
runs 'an_unexplained_exit_status_is_a_failure' '1 passed, 1 failed' 1 ./leaks
runs 'a_program_that_was_not_built_is_a_failure' '2 passed, 1 failed' 1 \
    ./good ./missing
runs 'nothing_run_is_no_success' '0 passed, 0 failed' 1

(cd "$tap_dir" && rm -f sums &&
    sh "$runner" -s sums ./good && sh "$runner" -s sums ./bad) > /dev/null 2>&1
if [ "$(cat "$tap_dir/sums")" = "2 0 0
1 1 0" ]; then
    pass 'several_runs_add_their_figures_to_one_file'
else
    fail 'several_runs_add_their_figures_to_one_file' "$(cat "$tap_dir/sums")"
fi
finish
