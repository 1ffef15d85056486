/*
 * Statuses and alerts. Alert numbers and names, and what SSL 3.0 knows of
 * them: dossier 2.10; RFC 5246 7.2, RFC 6101 5.4.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ctype.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/status.h"

static const enum tch_status all[] = {
#define ROW(name, number, class, alert, text) TCH_##name,
    TCH_STATUS_LIST(ROW)
#undef ROW
};

#define NUM_ALL (sizeof all / sizeof all[0])

static const struct {
    unsigned number;
    const char *name;
    unsigned ssl3; /* what goes out in SSL 3.0 */
} alerts[] = {
    { 0, "close_notify", 0 },
    { 10, "unexpected_message", 10 },
    { 20, "bad_record_mac", 20 },
    { 21, "decryption_failed", 20 },
    { 22, "record_overflow", 20 },
    { 30, "decompression_failure", 30 },
    { 40, "handshake_failure", 40 },
    { 41, "no_certificate", 41 },
    { 42, "bad_certificate", 42 },
    { 43, "unsupported_certificate", 43 },
    { 44, "certificate_revoked", 44 },
    { 45, "certificate_expired", 45 },
    { 46, "certificate_unknown", 46 },
    { 47, "illegal_parameter", 47 },
    { 48, "unknown_ca", 42 },
    { 49, "access_denied", 40 },
    { 50, "decode_error", 40 },
    { 51, "decrypt_error", 40 },
    { 60, "export_restriction", 40 },
    { 70, "protocol_version", 40 },
    { 71, "insufficient_security", 40 },
    { 80, "internal_error", 40 },
    { 86, "inappropriate_fallback", 40 },
    { 90, "user_canceled", 40 },
    { 100, "no_renegotiation", 40 },
    { 110, "unsupported_extension", 40 },
    { 111, "certificate_unobtainable", 40 },
    { 112, "unrecognized_name", 40 },
    { 113, "bad_certificate_status_response", 40 },
    { 114, "bad_certificate_hash_value", 40 },
    { 115, "unknown_psk_identity", 40 },
    { 116, "certificate_required", 40 },
    { 120, "no_application_protocol", 40 },
};

static void alerts_have_the_rfcs_numbers_and_names(void **state)
{
    size_t known = 0;

    (void)state;
    for (unsigned n = 0; n < 256; n++) {
        if (known < sizeof alerts / sizeof alerts[0] &&
            alerts[known].number == n) {
            assert_string_equal(tch_alert_name(n), alerts[known].name);
            known++;
        } else {
            assert_string_equal(tch_alert_name(n), "unknown_alert");
        }
    }
    assert_int_equal(known, sizeof alerts / sizeof alerts[0]);
}

static void ssl3_gets_only_alerts_it_knows_R_ALR_014(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof alerts / sizeof alerts[0]; i++) {
        assert_int_equal(
            tch_alert_for_ssl3((enum tch_alert)alerts[i].number),
            alerts[i].ssl3);
    }
    assert_int_equal(tch_alert_for_ssl3(TCH_ALERT_NONE), TCH_ALERT_NONE);
}

static void status_numbers_and_names_are_unique(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_ALL; i++) {
        for (size_t k = i + 1; k < NUM_ALL; k++) {
            assert_int_not_equal(all[i], all[k]);
            assert_string_not_equal(tch_status_name(all[i]),
                                    tch_status_name(all[k]));
        }
    }
    assert_int_equal(TCH_OK, 0);
}

static void texts_are_sentences_without_capital_and_full_stop(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_ALL; i++) {
        const char *text = tch_status_text(all[i]);

        assert_true(strlen(text) > 3);
        assert_true(islower((unsigned char)text[0]));
        assert_int_not_equal(text[strlen(text) - 1], '.');
    }
}

static void classes_follow_the_meaning(void **state)
{
    static const struct {
        enum tch_status status;
        enum tch_status_class class;
        bool failed;
    } facts[] = {
        { TCH_OK, TCH_CLASS_PROGRESS, false },
        { TCH_WANT_SESSION, TCH_CLASS_PROGRESS, false },
        { TCH_CLOSED, TCH_CLASS_PROGRESS, false },
        { TCH_DATA_WAITS, TCH_CLASS_PROGRESS, false },
        { TCH_BAD_ARGUMENT, TCH_CLASS_USAGE, true },
        { TCH_NO_MEMORY, TCH_CLASS_RESOURCE, true },
        { TCH_DECODE_ERROR, TCH_CLASS_PROTOCOL, true },
        { TCH_CERT_EXPIRED, TCH_CLASS_CERTIFICATE, true },
        { TCH_PEER_ALERT, TCH_CLASS_PEER, true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        assert_int_equal(tch_status_class(facts[i].status), facts[i].class);
        assert_int_equal(tch_failed(facts[i].status), facts[i].failed);
    }
    for (size_t i = 0; i < NUM_ALL; i++) {
        assert_int_equal(tch_failed(all[i]),
                         tch_status_class(all[i]) != TCH_CLASS_PROGRESS);
    }
}

static void what_the_peer_did_wrong_has_an_alert_R_ALR_005(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUM_ALL; i++) {
        enum tch_status_class class = tch_status_class(all[i]);
        enum tch_alert alert = tch_status_alert(all[i]);

        if (all[i] == TCH_NOT_TLS) {
            assert_int_equal(alert, TCH_ALERT_NONE); /* nobody to tell */
        } else if (class == TCH_CLASS_PROTOCOL ||
                   class == TCH_CLASS_CERTIFICATE) {
            assert_int_not_equal(alert, TCH_ALERT_NONE);
        } else if (class != TCH_CLASS_RESOURCE) {
            assert_int_equal(alert, TCH_ALERT_NONE);
        }
    }
}

/* Those the dossier names beside a rule. */
static void alerts_are_the_dossiers(void **state)
{
    static const struct {
        enum tch_status status;
        unsigned alert;
    } facts[] = {
        { TCH_DECODE_ERROR, 50 },          /* R-HS-002 */
        { TCH_ILLEGAL_PARAMETER, 47 },     /* R-EXT-009 */
        { TCH_BAD_FINISHED, 51 },          /* R-HS-006 */
        { TCH_BAD_SIGNATURE, 51 },         /* R-KX-003 */
        { TCH_UNEXPECTED_MESSAGE, 10 },    /* R-HS-001 */
        { TCH_MESSAGE_TOO_LARGE, 47 },     /* R-REC-029 */
        { TCH_NO_COMMON_VERSION, 70 },     /* R-HS-022 */
        { TCH_NO_COMMON_PARAMETERS, 40 },  /* R-HS-030 */
        { TCH_INSUFFICIENT_SECURITY, 71 }, /* R-KX-041 */
        { TCH_INAPPROPRIATE_FALLBACK, 86 },
        { TCH_UNSUPPORTED_EXTENSION, 110 },  /* R-EXT-001 */
        { TCH_NO_APPLICATION_PROTOCOL, 120 }, /* R-EXT-090 */
        { TCH_BAD_STATUS_RESPONSE, 113 },     /* R-EXT-032 */
        { TCH_UNRECOGNIZED_NAME, 112 },       /* R-EXT-012 */
        { TCH_TOO_MANY_WARNINGS, 10 },        /* R-ALR-012 */
        { TCH_NO_CLIENT_CERTIFICATE, 40 },    /* R-HS-095 */
        { TCH_UNSUPPORTED_CERTIFICATE_KEY, 43 }, /* R-HS-096 */
        { TCH_BAD_RECORD_MAC, 20 },
        { TCH_RECORD_OVERFLOW, 22 },
        { TCH_CERT_UNTRUSTED, 48 },
        { TCH_CERT_EXPIRED, 45 },
        { TCH_CERT_REVOKED, 44 },
        { TCH_CERT_BAD, 42 }, /* R-HS-102 */
        { TCH_INTERNAL, 80 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        assert_int_equal(tch_status_alert(facts[i].status), facts[i].alert);
    }
}

static void an_unknown_status_is_an_internal_error(void **state)
{
    enum tch_status unknown = (enum tch_status)9999;

    (void)state;
    assert_string_equal(tch_status_name(unknown), "UNKNOWN");
    assert_int_equal(tch_status_alert(unknown), TCH_ALERT_INTERNAL_ERROR);
    assert_int_equal(tch_status_class(unknown), TCH_CLASS_RESOURCE);
    assert_string_equal(tch_status_name(TCH_BAD_RECORD_MAC),
                        "BAD_RECORD_MAC");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alerts_have_the_rfcs_numbers_and_names),
        cmocka_unit_test(ssl3_gets_only_alerts_it_knows_R_ALR_014),
        cmocka_unit_test(status_numbers_and_names_are_unique),
        cmocka_unit_test(texts_are_sentences_without_capital_and_full_stop),
        cmocka_unit_test(classes_follow_the_meaning),
        cmocka_unit_test(what_the_peer_did_wrong_has_an_alert_R_ALR_005),
        cmocka_unit_test(alerts_are_the_dossiers),
        cmocka_unit_test(an_unknown_status_is_an_internal_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
