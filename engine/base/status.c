/* The rows of status.h as look-ups. */

#include "engine/base/status.h"

struct status_row {
    enum tch_status status;
    enum tch_status_class class;
    enum tch_alert alert;
    const char *name;
    const char *text;
};

static const struct status_row rows[] = {
#define ROW(name, number, class, alert, text) \
    { TCH_##name, TCH_CLASS_##class, TCH_ALERT_##alert, #name, text },
    TCH_STATUS_LIST(ROW)
#undef ROW
};

static const struct status_row unknown = { TCH_INTERNAL, TCH_CLASS_RESOURCE,
                                           TCH_ALERT_INTERNAL_ERROR, "UNKNOWN",
                                           "an unknown status" };

static const struct status_row *row_of(enum tch_status s)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].status == s) {
            return &rows[i];
        }
    }
    return &unknown;
}

const char *tch_status_name(enum tch_status s)
{
    return row_of(s)->name;
}

const char *tch_status_text(enum tch_status s)
{
    return row_of(s)->text;
}

enum tch_status_class tch_status_class(enum tch_status s)
{
    return row_of(s)->class;
}

enum tch_alert tch_status_alert(enum tch_status s)
{
    return row_of(s)->alert;
}

const char *tch_alert_name(unsigned description)
{
    static const struct {
        unsigned number;
        const char *name;
    } names[] = {
#define ROW(name, number, text) { number, text },
        TCH_ALERT_LIST(ROW)
#undef ROW
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].number == description) {
            return names[i].name;
        }
    }
    return "unknown_alert";
}

enum tch_alert tch_alert_for_ssl3(enum tch_alert a)
{
    switch ((int)a) {
    case TCH_ALERT_RECORD_OVERFLOW:
    case TCH_ALERT_DECRYPTION_FAILED:
        return TCH_ALERT_BAD_RECORD_MAC;
    case TCH_ALERT_UNKNOWN_CA:
        return TCH_ALERT_BAD_CERTIFICATE;
    case TCH_ALERT_CLOSE_NOTIFY:
    case TCH_ALERT_UNEXPECTED_MESSAGE:
    case TCH_ALERT_BAD_RECORD_MAC:
    case TCH_ALERT_DECOMPRESSION_FAILURE:
    case TCH_ALERT_HANDSHAKE_FAILURE:
    case TCH_ALERT_NO_CERTIFICATE:
    case TCH_ALERT_BAD_CERTIFICATE:
    case TCH_ALERT_UNSUPPORTED_CERTIFICATE:
    case TCH_ALERT_CERTIFICATE_REVOKED:
    case TCH_ALERT_CERTIFICATE_EXPIRED:
    case TCH_ALERT_CERTIFICATE_UNKNOWN:
    case TCH_ALERT_ILLEGAL_PARAMETER:
    case TCH_ALERT_NONE:
        return a;
    default:
        return TCH_ALERT_HANDSHAKE_FAILURE;
    }
}
