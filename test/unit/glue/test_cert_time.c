/*
 * Times in certificates (crypto-glue/x509/time.c): RFC 5280 4.1.2.5, dossier
 * R-PKI-005..007. The seconds come from `date -u -d ... +%s`.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/der.h"
#include "crypto-glue/x509/time.h"

TCH_FIELD(time, "5280 4.1.2.5");

/* Reads `text` as the contents of an element of this tag. */
static bool read_as(unsigned tag, const char *text, int64_t *out)
{
    uint8_t der[64];
    size_t n = strlen(text);
    struct tch_reader r;
    bool ok;

    der[0] = (uint8_t)tag;
    der[1] = (uint8_t)n;
    memcpy(der + 2, text, n);
    tch_rd_init(&r, tch_slice_of(der, n + 2), &f_time, NULL);
    ok = tch_time_read(&r, &f_time, out);
    assert_int_equal(tch_rd_left(&r), ok ? 0 : n + 2);
    return ok;
}

static void times_become_seconds_since_1970(void **state)
{
    static const struct {
        unsigned tag;
        const char *text;
        int64_t seconds;
    } rows[] = {
        { TCH_DER_UTC_TIME, "700101000000Z", 0 },
        { TCH_DER_UTC_TIME, "691231235959Z", -1 },
        { TCH_DER_UTC_TIME, "500101000000Z", -631152000 },  /* 1950 */
        { TCH_DER_UTC_TIME, "491231235959Z", 2524607999 },  /* 2049 */
        { TCH_DER_UTC_TIME, "000229120000Z", 951825600 },
        { TCH_DER_UTC_TIME, "240229235959Z", 1709251199 },
        { TCH_DER_UTC_TIME, "010203040506Z", 981173106 },
        { TCH_DER_GENERALIZED_TIME, "20500101000000Z", 2524608000 },
        { TCH_DER_GENERALIZED_TIME, "19700101000000Z", 0 },
        { TCH_DER_GENERALIZED_TIME, "20000229000000Z", 951782400 },
        { TCH_DER_GENERALIZED_TIME, "21000228235959Z", 4107542399 },
        { TCH_DER_GENERALIZED_TIME, "99991231235959Z", TCH_TIME_NO_EXPIRY },
        { TCH_DER_GENERALIZED_TIME, "00010101000000Z", -62135596800 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t got = 12345;

        assert_true(read_as(rows[i].tag, rows[i].text, &got));
        assert_true(got == rows[i].seconds);
    }
    assert_true(TCH_TIME_NO_EXPIRY == 253402300799);
}

static void other_forms_are_refused_R_PKI_005(void **state)
{
    static const char *const bad[] = {
        "",
        "Z",
        "2001010000Z",       /* no seconds */
        "200101000000",      /* no Z */
        "200101000000+0000", /* an offset */
        "200101000000z",     /* small z */
        "2001010000000Z",    /* a digit more */
        "20010100000Z",      /* a digit less */
        "2001010000 0Z",     /* a blank */
        "200101000000ZZ",    /* more behind */
        "-00101000000Z",     /* a sign */
        "2001:1000000Z",     /* ':' follows '9' */
        "2001/1000000Z",     /* '/' precedes '0' */
    };
    static const char *const bad_generalized[] = {
        "20500101000000.5Z", "200501010000Z", "205001010000Z",
        "20500101000000",    "20500101000000+0000", "020500101000000Z",
    };
    int64_t t;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(read_as(TCH_DER_UTC_TIME, bad[i], &t));
    }
    for (size_t i = 0; i < sizeof bad_generalized / sizeof bad_generalized[0];
         i++) {
        assert_false(
            read_as(TCH_DER_GENERALIZED_TIME, bad_generalized[i], &t));
    }
    /* each form under the other's tag, and under one that is no time */
    assert_false(read_as(TCH_DER_UTC_TIME, "20500101000000Z", &t));
    assert_false(read_as(TCH_DER_GENERALIZED_TIME, "200101000000Z", &t));
    assert_false(read_as(TCH_DER_PRINTABLE_STRING, "200101000000Z", &t));
}

static void dates_that_do_not_exist_are_refused_R_PKI_007(void **state)
{
    static const char *const bad[] = {
        "200001000000Z", "201301000000Z", "200100000000Z", "200132000000Z",
        "200431000000Z", "200230000000Z", "210229000000Z", "200101240000Z",
        "200101006000Z", "200101000060Z", "209901000000Z",
    };
    int64_t t;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(read_as(TCH_DER_UTC_TIME, bad[i], &t));
    }
    assert_false(read_as(TCH_DER_GENERALIZED_TIME, "21000229000000Z", &t));
    assert_false(read_as(TCH_DER_GENERALIZED_TIME, "19000229000000Z", &t));
    assert_true(read_as(TCH_DER_GENERALIZED_TIME, "24000229000000Z", &t));
}

/* From day to day there are 86400 seconds, over all years that can occur. */
static void each_day_is_one_day_after_the_last(void **state)
{
    static const uint8_t days[] = { 31, 28, 31, 30, 31, 30,
                                    31, 31, 30, 31, 30, 31 };
    int64_t last = 0;

    (void)state;
    assert_true(read_as(TCH_DER_GENERALIZED_TIME, "18991231000000Z", &last));
    for (int y = 1900; y <= 2200; y++) {
        bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

        for (int m = 0; m < 12; m++) {
            int num = days[m] + (m == 1 && leap ? 1 : 0);

            for (int d = 1; d <= num; d++) {
                char text[32];
                int64_t t = 0;

                snprintf(text, sizeof text, "%04d%02d%02d000000Z", y, m + 1,
                         d);
                assert_true(read_as(TCH_DER_GENERALIZED_TIME, text, &t));
                assert_true(t == last + 86400);
                last = t;
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_become_seconds_since_1970),
        cmocka_unit_test(other_forms_are_refused_R_PKI_005),
        cmocka_unit_test(dates_that_do_not_exist_are_refused_R_PKI_007),
        cmocka_unit_test(each_day_is_one_day_after_the_last),
    };

    return cmocka_run_group_tests_name("cert_time", tests, NULL, NULL);
}
