/*
 * test_status_map.c - both tables of contract 10, walked from the contract's
 * side and from the engine's
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sspi/include/tomchannel_sspi.h"
#include "sspi/status_map.h"

/* Contract 10.1, all of it; 0x80090367 by its number. */
static void received_alerts_map_by_10_1(void **state)
{
    static const struct {
        unsigned alert;
        uint32_t status;
    } rows[] = {
        { 0, 0x00090317 },  { 10, 0x80090326 }, { 20, 0x8009030F },
        { 21, 0x80090330 }, { 22, 0x80090326 }, { 30, 0x8009030F },
        { 40, 0x80090326 }, { 41, 0x80090326 }, { 42, 0x80090327 },
        { 43, 0x80090327 }, { 44, 0x80092010 }, { 45, 0x80090328 },
        { 46, 0x80090327 }, { 47, 0x80090326 }, { 48, 0x80090325 },
        { 49, 0x8009030C }, { 50, 0x80090326 }, { 51, 0x80090330 },
        { 60, 0x80090326 }, { 70, 0x80090302 }, { 71, 0x80090331 },
        { 80, 0x80090304 }, { 90, 0x80090333 }, { 100, 0x80090326 },
        { 110, 0x80090326 }, { 115, 0x80090326 }, { 120, 0x80090367 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal((uint32_t)tch_sspi_alert(rows[i].alert),
                         rows[i].status);
        assert_int_equal((uint32_t)tch_sspi_status(TCH_PEER_ALERT,
                                                   rows[i].alert),
                         rows[i].status);
    }
}

static void any_other_alert_is_an_illegal_message(void **state)
{
    static const unsigned others[] = { 1, 86, 111, 112, 113, 116, 255 };

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_int_equal(tch_sspi_alert(others[i]), SEC_E_ILLEGAL_MESSAGE);
    }
}

/* Contract 10.2, one row of the contract after the other. */
static void failures_found_here_map_by_10_2(void **state)
{
    static const struct {
        enum tch_status status;
        SECURITY_STATUS wanted;
    } rows[] = {
        { TCH_UNEXPECTED_MESSAGE, SEC_E_ILLEGAL_MESSAGE },
        { TCH_BAD_RECORD_MAC, SEC_E_MESSAGE_ALTERED },
        { TCH_RECORD_OVERFLOW, SEC_E_ILLEGAL_MESSAGE },
        { TCH_DECODE_ERROR, SEC_E_ILLEGAL_MESSAGE },
        { TCH_ILLEGAL_PARAMETER, SEC_E_ILLEGAL_MESSAGE },
        { TCH_BAD_SIGNATURE, SEC_E_DECRYPT_FAILURE },
        { TCH_BAD_FINISHED, SEC_E_MESSAGE_ALTERED },
        { TCH_NO_COMMON_VERSION, SEC_E_ALGORITHM_MISMATCH },
        { TCH_NO_COMMON_PARAMETERS, SEC_E_ALGORITHM_MISMATCH },
        { TCH_INAPPROPRIATE_FALLBACK, SEC_E_UNSUPPORTED_FUNCTION },
        { TCH_CERT_UNTRUSTED, SEC_E_UNTRUSTED_ROOT },
        { TCH_CERT_EXPIRED, SEC_E_CERT_EXPIRED },
        { TCH_CERT_REVOKED, CRYPT_E_REVOKED },
        { TCH_CERT_REVOCATION_UNKNOWN, CRYPT_E_NO_REVOCATION_CHECK },
        { TCH_CERT_REVOCATION_OFFLINE, CRYPT_E_REVOCATION_OFFLINE },
        { TCH_CERT_WRONG_NAME, SEC_E_WRONG_PRINCIPAL },
        { TCH_CERT_WRONG_USAGE, SEC_E_CERT_WRONG_USAGE },
        { TCH_CERT_BAD, SEC_E_CERT_UNKNOWN },
        { TCH_NOT_TLS, SEC_E_INVALID_TOKEN },
        { TCH_NO_APPLICATION_PROTOCOL, SEC_E_APPLICATION_PROTOCOL_MISMATCH },
        { TCH_NO_MEMORY, SEC_E_INSUFFICIENT_MEMORY },
        { TCH_INTERNAL, SEC_E_INTERNAL_ERROR },
        /* 10.1, last paragraph; 9.2. */
        { TCH_CLOSED_EARLY, SEC_E_ILLEGAL_MESSAGE },
        { TCH_VOLUME_LIMIT, SEC_E_CONTEXT_EXPIRED },
        { TCH_MESSAGE_TOO_LONG, SEC_E_ENCRYPT_FAILURE },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(tch_sspi_status(rows[i].status, 0), rows[i].wanted);
    }
}

/* A failure never looks like a success, progress never like a failure but
 * for INCOMPLETE_MESSAGE and the pauses that the facade does not use; and
 * each status is known by name. */
static void every_status_of_the_engine_has_a_fitting_one(void **state)
{
    (void)state;
#define CHECK(name, number, class, alert, text)                               \
    {                                                                         \
        SECURITY_STATUS s = tch_sspi_status(TCH_##name, 40);                  \
        bool progress = TCH_CLASS_##class == TCH_CLASS_PROGRESS;              \
                                                                              \
        if (TchStatusName(s) == NULL) {                                       \
            print_error("no name for that of " #name "\n");                   \
        }                                                                     \
        assert_non_null(TchStatusName(s));                                    \
        if (!progress) {                                                      \
            assert_true(s < 0);                                               \
        } else if (TCH_##name != TCH_WANT_INPUT &&                            \
                   TCH_##name != TCH_WANT_VERDICT &&                          \
                   TCH_##name != TCH_WANT_SIGNATURE &&                        \
                   TCH_##name != TCH_WANT_DECRYPT &&                          \
                   TCH_##name != TCH_WANT_SESSION) {                          \
            assert_true(s >= 0);                                              \
        }                                                                     \
    }
    TCH_STATUS_LIST(CHECK)
#undef CHECK
    assert_int_equal(tch_sspi_status((enum tch_status)9999, 0),
                     SEC_E_INTERNAL_ERROR);
}

/* Only two statuses may be SEC_E_INTERNAL_ERROR by the table itself. */
static void no_protocol_failure_is_our_fault(void **state)
{
    (void)state;
#define CHECK(name, number, class, alert, text)                               \
    if (TCH_CLASS_##class == TCH_CLASS_PROTOCOL ||                            \
        TCH_CLASS_##class == TCH_CLASS_CERTIFICATE ||                         \
        TCH_CLASS_##class == TCH_CLASS_USAGE) {                               \
        assert_int_not_equal(tch_sspi_status(TCH_##name, 40),                 \
                             SEC_E_INTERNAL_ERROR);                           \
    }
    TCH_STATUS_LIST(CHECK)
#undef CHECK
}

static void a_failure_maps_by_its_side(void **state)
{
    struct tch_failure f;

    (void)state;
    memset(&f, 0, sizeof f);
    f.alert = TCH_ALERT_NONE;
    assert_int_equal(tch_sspi_failure(&f), SEC_E_CONTEXT_EXPIRED);
    assert_int_equal(tch_sspi_failure(NULL), SEC_E_CONTEXT_EXPIRED);
    f.status = TCH_PEER_ALERT;
    f.alert = TCH_ALERT_UNKNOWN_CA;
    assert_int_equal(tch_sspi_failure(&f), SEC_E_UNTRUSTED_ROOT);
    f.status = TCH_CERT_WRONG_NAME;
    f.alert = TCH_ALERT_BAD_CERTIFICATE;
    assert_int_equal(tch_sspi_failure(&f), SEC_E_WRONG_PRINCIPAL);
}

static void statuses_have_names_and_sentences(void **state)
{
    (void)state;
    assert_string_equal(TchStatusName(SEC_E_OK), "SEC_E_OK");
    assert_string_equal(TchStatusName(SEC_I_RENEGOTIATE),
                        "SEC_I_RENEGOTIATE");
    assert_null(TchStatusName((SECURITY_STATUS)0x12345678));
    assert_true(strlen(TchStatusText(SEC_E_UNTRUSTED_ROOT)) > 10);
    assert_non_null(TchStatusText((SECURITY_STATUS)0x12345678));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(received_alerts_map_by_10_1),
        cmocka_unit_test(any_other_alert_is_an_illegal_message),
        cmocka_unit_test(failures_found_here_map_by_10_2),
        cmocka_unit_test(every_status_of_the_engine_has_a_fitting_one),
        cmocka_unit_test(no_protocol_failure_is_our_fault),
        cmocka_unit_test(a_failure_maps_by_its_side),
        cmocka_unit_test(statuses_have_names_and_sentences),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
