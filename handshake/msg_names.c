/*
 * The handshake messages by number: names in the RFC's spelling and the
 * longest body we wait for. The limits keep a header that announces 2^24 - 1
 * bytes from costing memory (R-REC-029, R-ATK-026); ClientHello's is the
 * longest body its grammar allows, because every such hello must be accepted.
 *
 * RFC 5246, section 7.4; RFC 5077, section 3.3; RFC 6066, section 8.
 */

#include "handshake/messages.h"

#define LIMIT_CLIENT_HELLO 131396u
#define LIMIT_CERTIFICATE 102400u
#define LIMIT_CERTIFICATE_REQUEST 131072u
#define LIMIT_NEW_SESSION_TICKET 65541u
#define LIMIT_OTHERS 65536u

struct message_row {
    enum tch_message type;
    const char *name;
    size_t limit;
};

/* clang-format off */
static const struct message_row messages[] = {
    { TCH_MSG_HELLO_REQUEST,       "hello_request",       LIMIT_OTHERS },
    { TCH_MSG_CLIENT_HELLO,        "client_hello",        LIMIT_CLIENT_HELLO },
    { TCH_MSG_SERVER_HELLO,        "server_hello",        LIMIT_OTHERS },
    { TCH_MSG_NEW_SESSION_TICKET,  "new_session_ticket",  LIMIT_NEW_SESSION_TICKET },
    { TCH_MSG_CERTIFICATE,         "certificate",         LIMIT_CERTIFICATE },
    { TCH_MSG_SERVER_KEY_EXCHANGE, "server_key_exchange", LIMIT_OTHERS },
    { TCH_MSG_CERTIFICATE_REQUEST, "certificate_request", LIMIT_CERTIFICATE_REQUEST },
    { TCH_MSG_SERVER_HELLO_DONE,   "server_hello_done",   LIMIT_OTHERS },
    { TCH_MSG_CERTIFICATE_VERIFY,  "certificate_verify",  LIMIT_OTHERS },
    { TCH_MSG_CLIENT_KEY_EXCHANGE, "client_key_exchange", LIMIT_OTHERS },
    { TCH_MSG_FINISHED,            "finished",            LIMIT_OTHERS },
    { TCH_MSG_CERTIFICATE_STATUS,  "certificate_status",  LIMIT_OTHERS },
    { TCH_MSG_CHANGE_CIPHER_SPEC,  "change_cipher_spec",  0 },
};
/* clang-format on */

static const struct message_row *row_of(unsigned type)
{
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        if ((unsigned)messages[i].type == type) {
            return &messages[i];
        }
    }
    return NULL;
}

const char *tch_message_name(unsigned type)
{
    const struct message_row *row = row_of(type);

    return row == NULL ? NULL : row->name;
}

size_t tch_message_limit(unsigned type)
{
    const struct message_row *row = row_of(type);

    return row == NULL ? 0 : row->limit;
}
