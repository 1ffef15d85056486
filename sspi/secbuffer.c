/*
 * Buffers by their types. Which shapes are right is contract 3, 6.3 to 6.6,
 * 9.2 to 9.4; the arithmetic of EXTRA and MISSING is the engine's.
 */

#include "sspi/secbuffer.h"

#include <string.h>

#include "engine/base/bytes.h"
#include "sspi/memory.h"

bool tch_secbuffer_desc_ok(const SecBufferDesc *d)
{
    return d != NULL && d->ulVersion == SECBUFFER_VERSION &&
           (d->pBuffers != NULL || d->cBuffers == 0);
}

SECURITY_STATUS tch_secbuffer_out(PSecBufferDesc d, bool allocate,
                                  struct tch_out_slots *out)
{
    SecBuffer *empty = NULL;
    bool too_small = false;

    memset(out, 0, sizeof *out);
    if (!tch_secbuffer_desc_ok(d)) {
        return SEC_E_INVALID_TOKEN;
    }
    for (ULONG i = 0; i < d->cBuffers; i++) {
        SecBuffer *b = &d->pBuffers[i];
        ULONG type = tch_secbuffer_type(b);

        if (type == SECBUFFER_TOKEN && out->token == NULL) {
            out->token = b;
        } else if (type == SECBUFFER_ALERT && out->alert == NULL) {
            out->alert = b;
        } else if (type == SECBUFFER_EMPTY && empty == NULL) {
            empty = b;
        }
        /* Each of them, also where another would do (6.5). */
        too_small |= (type == SECBUFFER_TOKEN || type == SECBUFFER_ALERT) &&
                     b->cbBuffer == 0;
    }
    if (out->token == NULL && empty != NULL) {
        out->token = empty;
        too_small |= empty->cbBuffer == 0;
    }
    if (out->token == NULL) {
        return SEC_E_INVALID_TOKEN;
    }
    out->room = out->token->cbBuffer;
    out->alert_room = out->alert == NULL ? 0 : out->alert->cbBuffer;
    out->allocate = allocate || out->token->pvBuffer == NULL;
    out->allocate_alert =
        out->alert != NULL && (allocate || out->alert->pvBuffer == NULL);
    return too_small && !allocate ? SEC_E_INSUFFICIENT_MEMORY : SEC_E_OK;
}

void tch_secbuffer_no_token(const struct tch_out_slots *out)
{
    out->token->BufferType = SECBUFFER_TOKEN;
    out->token->cbBuffer = 0;
    if (out->allocate) {
        out->token->pvBuffer = NULL;
    }
}

SECURITY_STATUS tch_secbuffer_put(const struct tch_out_slots *out,
                                  struct tch_slice bytes)
{
    if (bytes.len == 0) {
        tch_secbuffer_no_token(out);
        return SEC_E_OK;
    }
    if (bytes.len > UINT32_MAX) {
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    if (out->allocate) {
        void *p = tch_package_copy(bytes);

        if (p == NULL) {
            return SEC_E_INSUFFICIENT_MEMORY;
        }
        out->token->pvBuffer = p;
    } else if (out->token->cbBuffer < bytes.len) {
        return SEC_E_INSUFFICIENT_MEMORY;
    } else {
        memcpy(out->token->pvBuffer, bytes.p, bytes.len);
    }
    out->token->cbBuffer = (ULONG)bytes.len;
    out->token->BufferType = SECBUFFER_TOKEN;
    return SEC_E_OK;
}

void tch_secbuffer_put_alert(const struct tch_out_slots *out,
                             const uint8_t *alert)
{
    const size_t len = 2;
    SecBuffer *b = out->alert;

    if (b == NULL) {
        return;
    }
    if (alert == NULL) {
        b->cbBuffer = 0;
        if (out->allocate_alert) {
            b->pvBuffer = NULL;
        }
    } else if (out->allocate_alert) {
        b->pvBuffer = tch_package_copy(tch_slice_of(alert, len));
        b->cbBuffer = b->pvBuffer == NULL ? 0 : (ULONG)len;
    } else if (b->cbBuffer >= len) {
        memcpy(b->pvBuffer, alert, len);
        b->cbBuffer = (ULONG)len;
    } else {
        b->cbBuffer = 0;
    }
}

SECURITY_STATUS tch_secbuffer_in(PSecBufferDesc d, struct tch_in_slots *in)
{
    memset(in, 0, sizeof *in);
    if (d == NULL) {
        return SEC_E_OK;
    }
    if (!tch_secbuffer_desc_ok(d)) {
        return SEC_E_INVALID_TOKEN;
    }
    for (ULONG i = 0; i < d->cBuffers; i++) {
        SecBuffer *b = &d->pBuffers[i];
        ULONG type = tch_secbuffer_type(b);

        if (type == SECBUFFER_TOKEN) {
            if (in->token != NULL ||
                (b->pvBuffer == NULL && b->cbBuffer > 0)) {
                return SEC_E_INVALID_TOKEN;
            }
            in->token = b;
        } else if (type == SECBUFFER_EMPTY) {
            if (b->cbBuffer != 0) {
                return SEC_E_INVALID_TOKEN;
            }
            in->spare = in->spare == NULL ? b : in->spare;
        } else if (type == SECBUFFER_APPLICATION_PROTOCOLS) {
            in->alpn = in->alpn == NULL ? b : in->alpn;
        } else if (type == SECBUFFER_DTLS_MTU) {
            return SEC_E_UNSUPPORTED_FUNCTION;
        }
    }
    return SEC_E_OK;
}

struct tch_slice tch_secbuffer_input(const struct tch_in_slots *in)
{
    if (in->token == NULL || in->token->cbBuffer == 0) {
        return tch_slice_of(NULL, 0);
    }
    return tch_slice_of(in->token->pvBuffer, in->token->cbBuffer);
}

void tch_secbuffer_report(const struct tch_in_slots *in, ULONG type,
                          size_t count)
{
    if (in->spare != NULL && count > 0) {
        in->spare->BufferType = type;
        in->spare->cbBuffer = (ULONG)count;
        in->spare->pvBuffer = NULL;
    }
}

/* Little-endian fields of SEC_APPLICATION_PROTOCOLS, which need not stand
 * aligned. */
static bool read_le(struct tch_reader *r, const struct tch_field *f, size_t n,
                    size_t *out)
{
    uint8_t b[4] = { 0 };

    if (!tch_rd_bytes(r, f, b, n)) {
        return false;
    }
    *out = (size_t)b[0] | (size_t)b[1] << 8 | (size_t)b[2] << 16 |
           (size_t)b[3] << 24;
    return true;
}

TCH_FIELD(application_protocols, "7301 3.1");
TCH_FIELD(protocol_lists_size, "7301 3.1");
TCH_FIELD(proto_nego_ext, "7301 3.1");
TCH_FIELD(protocol_list_size, "7301 3.1");
TCH_FIELD(protocol_list, "7301 3.1");
TCH_FIELD(protocol_name, "7301 3.1");

static bool names_add_up(struct tch_slice list)
{
    struct tch_reader r;
    struct tch_slice name;

    tch_rd_init(&r, list, &f_protocol_list, NULL);
    while (tch_rd_left(&r) > 0) {
        if (!tch_rd_opaque8(&r, &f_protocol_name, 1, 255, &name)) {
            return false;
        }
    }
    return true;
}

bool tch_secbuffer_alpn(const SecBuffer *b, struct tch_slice *list)
{
    struct tch_reader whole, lists;
    size_t size, ext;

    *list = tch_slice_of(NULL, 0);
    if (b->pvBuffer == NULL || b->cbBuffer == 0) {
        return b->cbBuffer == 0;
    }
    tch_rd_init(&whole, tch_slice_of(b->pvBuffer, b->cbBuffer),
                &f_application_protocols, NULL);
    if (!read_le(&whole, &f_protocol_lists_size, 4, &size) ||
        !tch_rd_sub(&whole, &f_protocol_list, size, TCH_NO_INDEX, &lists)) {
        return false;
    }
    while (tch_rd_left(&lists) > 0) {
        struct tch_slice names;

        if (!read_le(&lists, &f_proto_nego_ext, 4, &ext) ||
            !read_le(&lists, &f_protocol_list_size, 2, &size) ||
            !tch_rd_slice(&lists, &f_protocol_list, size, &names)) {
            return false;
        }
        if (ext != SecApplicationProtocolNegotiationExt_ALPN) {
            continue;
        }
        if (!names_add_up(names)) {
            return false;
        }
        if (list->len == 0) {
            *list = names;
        }
    }
    return true;
}

static void take(struct tch_message *m, size_t place, SecBuffer *b,
                 enum tch_buf_kind kind)
{
    m->at[place] = b;
    m->bufs[place].kind = kind;
    m->bufs[place].p = b->pvBuffer;
    m->bufs[place].len = b->cbBuffer;
}

/* HEADER, DATA, TRAILER as they come; false when one comes twice. */
static bool find_seal(PSecBufferDesc d, SecBuffer **header, SecBuffer **data,
                      SecBuffer **trailer, SecBuffer *tokens[2])
{
    size_t num_tokens = 0;

    for (ULONG i = 0; i < d->cBuffers; i++) {
        SecBuffer *b = &d->pBuffers[i];
        ULONG type = tch_secbuffer_type(b);
        SecBuffer **slot = type == SECBUFFER_STREAM_HEADER    ? header
                           : type == SECBUFFER_STREAM_TRAILER ? trailer
                           : type == SECBUFFER_DATA           ? data
                                                              : NULL;

        if ((b->BufferType & (SECBUFFER_READONLY |
                              SECBUFFER_READONLY_WITH_CHECKSUM)) != 0) {
            continue;
        }
        if (type == SECBUFFER_TOKEN && num_tokens < 2) {
            tokens[num_tokens++] = b;
        }
        if (slot == NULL) {
            continue;
        }
        if (*slot != NULL || (b->pvBuffer == NULL && b->cbBuffer > 0)) {
            return false;
        }
        *slot = b;
    }
    return true;
}

bool tch_secbuffer_seal(PSecBufferDesc d, struct tch_message *m)
{
    SecBuffer *header = NULL, *data = NULL, *trailer = NULL;
    SecBuffer *tokens[2] = { NULL, NULL };

    memset(m, 0, sizeof *m);
    if (!tch_secbuffer_desc_ok(d) ||
        !find_seal(d, &header, &data, &trailer, tokens)) {
        return false;
    }
    /* {TOKEN, DATA, TOKEN} is an old way to say the same (9.2). */
    if (header == NULL && trailer == NULL) {
        header = tokens[0];
        trailer = tokens[1];
    }
    if (header == NULL || data == NULL || trailer == NULL ||
        header->pvBuffer == NULL || trailer->pvBuffer == NULL) {
        return false;
    }
    take(m, 0, header, TCH_BUF_HEADER);
    take(m, 1, data, TCH_BUF_DATA);
    take(m, 2, trailer, TCH_BUF_TRAILER);
    m->desc.bufs = m->bufs;
    m->desc.num = 3;
    return true;
}

void tch_secbuffer_sealed(const struct tch_message *m)
{
    for (size_t i = 0; i < m->desc.num; i++) {
        m->at[i]->cbBuffer = (ULONG)m->bufs[i].len;
    }
}

bool tch_secbuffer_open(PSecBufferDesc d, struct tch_message *m)
{
    SecBuffer *data = NULL;
    size_t num_empty = 0;

    memset(m, 0, sizeof *m);
    if (!tch_secbuffer_desc_ok(d) || d->cBuffers < 4) {
        return false;
    }
    for (ULONG i = 0; i < d->cBuffers; i++) {
        SecBuffer *b = &d->pBuffers[i];
        ULONG type = tch_secbuffer_type(b);

        if (type == SECBUFFER_DATA) {
            if (data != NULL || (b->pvBuffer == NULL && b->cbBuffer > 0) ||
                (b->BufferType & SECBUFFER_READONLY) != 0) {
                return false;
            }
            data = b;
        } else if (type == SECBUFFER_EMPTY && num_empty < 3) {
            num_empty++;
            take(m, num_empty, b, TCH_BUF_EMPTY);
            /* What stands in these slots is not looked at (9.3). */
            m->bufs[num_empty].p = NULL;
            m->bufs[num_empty].len = 0;
        }
    }
    if (data == NULL || num_empty < 3) {
        return false;
    }
    take(m, 0, data, TCH_BUF_DATA);
    m->desc.bufs = m->bufs;
    m->desc.num = 4;
    return true;
}

static ULONG type_of(enum tch_buf_kind kind)
{
    switch (kind) {
    case TCH_BUF_DATA:
        return SECBUFFER_DATA;
    case TCH_BUF_TOKEN:
        return SECBUFFER_TOKEN;
    case TCH_BUF_HEADER:
        return SECBUFFER_STREAM_HEADER;
    case TCH_BUF_TRAILER:
        return SECBUFFER_STREAM_TRAILER;
    case TCH_BUF_EXTRA:
        return SECBUFFER_EXTRA;
    case TCH_BUF_MISSING:
        return SECBUFFER_MISSING;
    case TCH_BUF_ALERT:
        return SECBUFFER_ALERT;
    case TCH_BUF_EMPTY:
    case TCH_BUF_OTHER:
        break;
    }
    return SECBUFFER_EMPTY;
}

void tch_secbuffer_opened(const struct tch_message *m)
{
    for (size_t i = 0; i < m->desc.num; i++) {
        SecBuffer *b = m->at[i];
        const struct tch_buf *from = &m->bufs[i];

        b->BufferType = type_of(from->kind);
        b->cbBuffer = (ULONG)from->len;
        /* A MISSING in place of DATA keeps the pointer (9.4). */
        if (from->kind != TCH_BUF_MISSING) {
            b->pvBuffer = from->p;
        } else if (i > 0) {
            b->pvBuffer = NULL;
        }
    }
}
