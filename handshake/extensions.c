/*
 * Hello extensions: one table row for each that we know, with its layout in
 * either hello, and the loop over the block. RFC 5246, section 7.4.1.4;
 * layouts: dossier 5.2.
 *
 * Two things deserve a word. A type must not come twice, known to us or not
 * (R-EXT-003), and a block has room for 16,383 extensions: a set of all 65,536
 * types, 8 KiB on the stack, finds a repetition in one step each. And the
 * order of rows is the order on the wire: extensions that are empty stand in
 * front of those that never are, because some old servers stumble over an
 * empty one at the end; padding comes last, since its length follows from the
 * rest.
 */

#include "handshake/extensions_codec.h"

#include <string.h>

#include "handshake/msg_codec.h"

#define STATUS_TYPE_OCSP 1u
#define NAME_TYPE_HOST_NAME 0u

TCH_FIELD(extensions, "5246 7.4.1.4");
TCH_FIELD(extension_type, "5246 7.4.1.4");
TCH_FIELD(extension_data, "5246 7.4.1.4");
TCH_FIELD(server_name_list, "6066 3");
TCH_FIELD(name_type, "6066 3");
TCH_FIELD(host_name, "6066 3");
TCH_FIELD(name, "6066 3");
TCH_FIELD(max_fragment_length, "6066 4");
TCH_FIELD(status_type, "6066 8");
TCH_FIELD(responder_id_list, "6066 8");
TCH_FIELD(responder_id, "6066 8");
TCH_FIELD(request_extensions, "6066 8");
TCH_FIELD(request, "6066 8");
TCH_FIELD(named_group_list, "8422 5.1.1");
TCH_FIELD(named_group, "8422 5.1.1");
TCH_FIELD(ec_point_format_list, "8422 5.1.2");
TCH_FIELD(ec_point_format, "8422 5.1.2");
TCH_FIELD(supported_signature_algorithms, "5246 7.4.1.4.1");
TCH_FIELD(signature_algorithm, "5246 7.4.1.4.1");
TCH_FIELD(protocol_name_list, "7301 3.1");
TCH_FIELD(protocol_name, "7301 3.1");
TCH_FIELD(sct_list, "6962 3.3");
TCH_FIELD(serialized_sct, "6962 3.3");
TCH_FIELD(zeros, "7685 3");
TCH_FIELD(record_size_limit, "8449 4");
TCH_FIELD(ticket, "5077 3.2");
TCH_FIELD(renegotiated_connection, "5746 3.2");

/* A reader of one extension's data; what it leaves is a decode_error. It may
 * take its bit out of `present` when the extension is to be ignored. */
typedef enum tch_status read_fn(struct tch_reader *r, struct tch_extensions *e);
typedef void write_fn(struct tch_writer *w, const struct tch_extensions *e);

static enum tch_status decoded(bool ok)
{
    return ok ? TCH_OK : TCH_DECODE_ERROR;
}

static enum tch_status read_empty(struct tch_reader *r,
                                  struct tch_extensions *e)
{
    (void)r;
    (void)e;
    return TCH_OK;
}

static void write_empty(struct tch_writer *w, const struct tch_extensions *e)
{
    (void)w;
    (void)e;
}

/* R-EXT-018: visible ASCII alone. `at` stands at the name. */
static enum tch_status check_host_name(struct tch_reader at,
                                       struct tch_slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.p[i] <= ' ' || name.p[i] >= 0x7F) {
            at.pos = name.p + i;
            return tch_rd_blame(&at, &f_host_name, TCH_ILLEGAL_PARAMETER);
        }
    }
    return TCH_OK;
}

/* One trailing dot is dropped, as in every name we compare (R-PKI-070); a
 * client should not have sent it (R-EXT-011). Nothing but a dot is no name. */
static enum tch_status read_host_name(struct tch_reader *r,
                                      struct tch_extensions *e)
{
    struct tch_reader at = *r;
    struct tch_slice name;

    if (!tch_rd_opaque16(r, &f_host_name, 1, TCH_VEC16_MAX, &name)) {
        return TCH_DECODE_ERROR;
    }
    if (name.p[name.len - 1] == '.') {
        name.len--;
    }
    if (name.len == 0) {
        return tch_rd_blame(&at, &f_host_name, TCH_ILLEGAL_PARAMETER);
    }
    e->present |= TCH_HAS_SERVER_NAME;
    e->server_name = name;
    return check_host_name(at, name);
}

static enum tch_status read_server_name_entry(struct tch_reader *list,
                                              uint8_t seen[32],
                                              struct tch_extensions *e)
{
    struct tch_reader at = *list;
    struct tch_slice name;
    uint8_t type;
    uint8_t bit;

    if (!tch_rd_u8(list, &f_name_type, &type)) {
        return TCH_DECODE_ERROR;
    }
    bit = (uint8_t)(1u << (type & 7));
    if ((seen[type >> 3] & bit) != 0) { /* R-EXT-010 */
        return tch_rd_blame(&at, &f_name_type, TCH_ILLEGAL_PARAMETER);
    }
    seen[type >> 3] |= bit;
    if (type == NAME_TYPE_HOST_NAME) {
        return read_host_name(list, e);
    }
    return decoded(tch_rd_opaque16(list, &f_name, 0, TCH_VEC16_MAX, &name));
}

/* A list without a host_name counts as no extension. */
static enum tch_status read_server_name(struct tch_reader *r,
                                        struct tch_extensions *e)
{
    struct tch_reader list;
    uint8_t seen[32] = { 0 };

    e->present &= ~(uint32_t)TCH_HAS_SERVER_NAME;
    if (!tch_rd_vec16(r, &f_server_name_list, 1, TCH_VEC16_MAX, &list)) {
        return TCH_DECODE_ERROR;
    }
    for (list.index = 0; tch_rd_left(&list) != 0; list.index++) {
        enum tch_status status = read_server_name_entry(&list, seen, e);

        if (status != TCH_OK) {
            return status;
        }
    }
    return TCH_OK;
}

static void write_server_name(struct tch_writer *w,
                              const struct tch_extensions *e)
{
    struct tch_mark list = tch_wr_open(w, 2);

    tch_wr_u8(w, NAME_TYPE_HOST_NAME);
    tch_write_vec(w, 2, 1, TCH_VEC16_MAX, e->server_name);
    tch_wr_close(w, list);
}

static enum tch_status read_max_fragment_length(struct tch_reader *r,
                                                struct tch_extensions *e)
{
    return decoded(
        tch_rd_u8(r, &f_max_fragment_length, &e->max_fragment_length));
}

static void write_max_fragment_length(struct tch_writer *w,
                                      const struct tch_extensions *e)
{
    tch_wr_u8(w, e->max_fragment_length);
}

static bool read_responder_ids(struct tch_reader *r)
{
    struct tch_reader list;
    struct tch_slice id;

    if (!tch_rd_vec16(r, &f_responder_id_list, 0, TCH_VEC16_MAX, &list)) {
        return false;
    }
    for (list.index = 0; tch_rd_left(&list) != 0; list.index++) {
        if (!tch_rd_opaque16(&list, &f_responder_id, 1, TCH_VEC16_MAX, &id)) {
            return false;
        }
    }
    return true;
}

/* Of another status_type we do not know the layout (R-EXT-033). */
static enum tch_status read_status_request(struct tch_reader *r,
                                           struct tch_extensions *e)
{
    struct tch_slice ignored;
    uint8_t type;

    if (!tch_rd_u8(r, &f_status_type, &type)) {
        return TCH_DECODE_ERROR;
    }
    if (type != STATUS_TYPE_OCSP) {
        e->present &= ~(uint32_t)TCH_HAS_STATUS_REQUEST;
        return decoded(
            tch_rd_slice(r, &f_request, tch_rd_left(r), &ignored));
    }
    return decoded(read_responder_ids(r) &&
                   tch_rd_opaque16(r, &f_request_extensions, 0, TCH_VEC16_MAX,
                                   &ignored));
}

static void write_status_request(struct tch_writer *w,
                                 const struct tch_extensions *e)
{
    (void)e;
    tch_wr_u8(w, STATUS_TYPE_OCSP);
    tch_wr_u16(w, 0); /* no responder_id_list */
    tch_wr_u16(w, 0); /* no request_extensions */
}

static enum tch_status read_supported_groups(struct tch_reader *r,
                                             struct tch_extensions *e)
{
    return decoded(tch_read_list_u16(r, &f_named_group_list, &f_named_group,
                                     2, TCH_LIST16_MAX, &e->groups));
}

static void write_supported_groups(struct tch_writer *w,
                                   const struct tch_extensions *e)
{
    tch_write_list_u16(w, 2, e->groups);
}

static enum tch_status read_ec_point_formats(struct tch_reader *r,
                                             struct tch_extensions *e)
{
    return decoded(tch_read_list_u8(r, &f_ec_point_format_list,
                                    &f_ec_point_format, 1, TCH_VEC8_MAX,
                                    &e->point_formats));
}

static void write_ec_point_formats(struct tch_writer *w,
                                   const struct tch_extensions *e)
{
    tch_write_vec(w, 1, 1, TCH_VEC8_MAX, e->point_formats);
}

static bool read_schemes(struct tch_reader *r, struct tch_slice *out)
{
    return tch_read_list_u16(r, &f_supported_signature_algorithms,
                             &f_signature_algorithm, 2, TCH_LIST16_MAX, out);
}

static enum tch_status read_signature_algorithms(struct tch_reader *r,
                                                 struct tch_extensions *e)
{
    return decoded(read_schemes(r, &e->schemes));
}

static void write_signature_algorithms(struct tch_writer *w,
                                       const struct tch_extensions *e)
{
    tch_write_list_u16(w, 2, e->schemes);
}

static enum tch_status read_signature_algorithms_cert(struct tch_reader *r,
                                                      struct tch_extensions *e)
{
    return decoded(read_schemes(r, &e->schemes_cert));
}

static void write_signature_algorithms_cert(struct tch_writer *w,
                                            const struct tch_extensions *e)
{
    tch_write_list_u16(w, 2, e->schemes_cert);
}

/* R-EXT-091, R-EXT-093; `max` is how many names there may be. */
static enum tch_status read_protocol_names(struct tch_reader *r, size_t max,
                                           struct tch_slice *out)
{
    struct tch_reader list;
    struct tch_slice name;

    if (!tch_rd_vec16(r, &f_protocol_name_list, 2, TCH_VEC16_MAX, &list)) {
        return TCH_DECODE_ERROR;
    }
    *out = tch_rd_rest(&list);
    for (list.index = 0; tch_rd_left(&list) != 0; list.index++) {
        if (list.index == max) {
            return tch_rd_blame(&list, &f_protocol_name, TCH_DECODE_ERROR);
        }
        if (!tch_rd_opaque8(&list, &f_protocol_name, 1, TCH_VEC8_MAX, &name)) {
            return TCH_DECODE_ERROR;
        }
    }
    return TCH_OK;
}

static enum tch_status read_alpn_offer(struct tch_reader *r,
                                       struct tch_extensions *e)
{
    return read_protocol_names(r, TCH_VEC16_MAX, &e->alpn);
}

static enum tch_status read_alpn_answer(struct tch_reader *r,
                                        struct tch_extensions *e)
{
    return read_protocol_names(r, 1, &e->alpn); /* R-EXT-090 */
}

static void write_alpn(struct tch_writer *w, const struct tch_extensions *e)
{
    tch_write_vec(w, 2, 2, TCH_VEC16_MAX, e->alpn);
}

/* R-EXT-034. */
static enum tch_status read_sct_list(struct tch_reader *r,
                                     struct tch_extensions *e)
{
    struct tch_reader list;
    struct tch_slice sct;

    if (!tch_rd_vec16(r, &f_sct_list, 1, TCH_VEC16_MAX, &list)) {
        return TCH_DECODE_ERROR;
    }
    e->sct = tch_rd_rest(&list);
    for (list.index = 0; tch_rd_left(&list) != 0; list.index++) {
        if (!tch_rd_opaque16(&list, &f_serialized_sct, 1, TCH_VEC16_MAX,
                             &sct)) {
            return TCH_DECODE_ERROR;
        }
    }
    return TCH_OK;
}

static void write_sct_list(struct tch_writer *w,
                           const struct tch_extensions *e)
{
    tch_write_vec(w, 2, 1, TCH_VEC16_MAX, e->sct);
}

/* R-EXT-111. */
static enum tch_status read_padding(struct tch_reader *r,
                                    struct tch_extensions *e)
{
    struct tch_reader at = *r;
    struct tch_slice zeros;

    if (!tch_rd_slice(r, &f_zeros, tch_rd_left(r), &zeros)) {
        return TCH_DECODE_ERROR;
    }
    for (size_t i = 0; i < zeros.len; i++) {
        if (zeros.p[i] != 0) {
            at.pos = zeros.p + i;
            return tch_rd_blame(&at, &f_zeros, TCH_ILLEGAL_PARAMETER);
        }
    }
    e->padding = (uint16_t)zeros.len;
    return TCH_OK;
}

static void write_padding(struct tch_writer *w,
                          const struct tch_extensions *e)
{
    for (size_t i = 0; i < e->padding; i++) {
        tch_wr_u8(w, 0);
    }
}

static enum tch_status read_record_size_limit(struct tch_reader *r,
                                              struct tch_extensions *e)
{
    return decoded(
        tch_rd_u16(r, &f_record_size_limit, &e->record_size_limit));
}

static void write_record_size_limit(struct tch_writer *w,
                                    const struct tch_extensions *e)
{
    tch_wr_u16(w, e->record_size_limit);
}

/* The ticket has no length of its own (RFC 5077, Appendix A). */
static enum tch_status read_session_ticket(struct tch_reader *r,
                                           struct tch_extensions *e)
{
    return decoded(
        tch_rd_slice(r, &f_ticket, tch_rd_left(r), &e->session_ticket));
}

static void write_session_ticket(struct tch_writer *w,
                                 const struct tch_extensions *e)
{
    tch_wr_slice(w, e->session_ticket);
}

static enum tch_status read_renegotiation_info(struct tch_reader *r,
                                               struct tch_extensions *e)
{
    return decoded(tch_rd_opaque8(r, &f_renegotiated_connection, 0,
                                  TCH_VEC8_MAX, &e->renegotiation_info));
}

static void write_renegotiation_info(struct tch_writer *w,
                                     const struct tch_extensions *e)
{
    tch_write_vec(w, 1, 0, TCH_VEC8_MAX, e->renegotiation_info);
}

/* Both directions of one extension in one hello; both NULL where the hello
 * must not carry it: its data is then skipped. */
struct codec {
    read_fn *read;
    write_fn *write;
};

struct extension {
    struct tch_extension_row facts;
    struct tch_field field;
    struct codec client;
    struct codec server;
};

/* clang-format off */
#define EXT(number, name, rfc, server)                              \
    { TCH_EXT_##number, TCH_HAS_##number, name, rfc, server }, { name, rfc }
#define BOTH(x) { read_##x, write_##x }
#define EMPTY { read_empty, write_empty }
#define NONE { NULL, NULL }
static const struct extension table[] = {
    /* type, name, RFC, may be in a ServerHello; layout in ClientHello, in ServerHello */
    { EXT(RENEGOTIATION_INFO, "renegotiation_info", "5746 3.2", true),
      BOTH(renegotiation_info), BOTH(renegotiation_info) },
    { EXT(SERVER_NAME, "server_name", "6066 3", true),
      BOTH(server_name), EMPTY },
    { EXT(EXTENDED_MASTER_SECRET, "extended_master_secret", "7627 5.1", true),
      EMPTY, EMPTY },
    { EXT(ENCRYPT_THEN_MAC, "encrypt_then_mac", "7366 2", true),
      EMPTY, EMPTY },
    { EXT(SESSION_TICKET, "session_ticket", "5077 3.2", true),
      BOTH(session_ticket), EMPTY },
    { EXT(SCT, "signed_certificate_timestamp", "6962 3.3.1", true),
      EMPTY, BOTH(sct_list) },
    { EXT(STATUS_REQUEST, "status_request", "6066 8", true),
      BOTH(status_request), EMPTY },
    { EXT(SUPPORTED_GROUPS, "supported_groups", "8422 5.1.1", false),
      BOTH(supported_groups), NONE },
    { EXT(EC_POINT_FORMATS, "ec_point_formats", "8422 5.1.2", true),
      BOTH(ec_point_formats), BOTH(ec_point_formats) },
    { EXT(ALPN, "application_layer_protocol_negotiation", "7301 3.1", true),
      { read_alpn_offer, write_alpn }, { read_alpn_answer, write_alpn } },
    { EXT(MAX_FRAGMENT_LENGTH, "max_fragment_length", "6066 4", true),
      BOTH(max_fragment_length), BOTH(max_fragment_length) },
    { EXT(RECORD_SIZE_LIMIT, "record_size_limit", "8449 4", true),
      BOTH(record_size_limit), BOTH(record_size_limit) },
    { EXT(SIGNATURE_ALGORITHMS, "signature_algorithms", "5246 7.4.1.4.1", false),
      BOTH(signature_algorithms), NONE },
    { EXT(SIGNATURE_ALGORITHMS_CERT, "signature_algorithms_cert", "8446 4.2.3", false),
      BOTH(signature_algorithms_cert), NONE },
    { EXT(PADDING, "padding", "7685 3", false),
      BOTH(padding), NONE },
};
#undef EXT
#undef BOTH
#undef EMPTY
#undef NONE
/* clang-format on */

#define NUM_EXTENSIONS (sizeof table / sizeof table[0])

static const struct extension *extension_of(unsigned type)
{
    for (size_t i = 0; i < NUM_EXTENSIONS; i++) {
        if (table[i].facts.type == type) {
            return &table[i];
        }
    }
    return NULL;
}

const struct tch_extension_row *tch_extension_facts(unsigned type)
{
    const struct extension *ext = extension_of(type);

    return ext == NULL ? NULL : &ext->facts;
}

const struct tch_extension_row *tch_extension_at(size_t i)
{
    return i < NUM_EXTENSIONS ? &table[i].facts : NULL;
}

static const struct codec *codec_for(const struct extension *ext,
                                     enum tch_hello hello)
{
    return hello == TCH_HELLO_SERVER ? &ext->server : &ext->client;
}

/* The types of one block: a bit for each of the 65,536. */
struct type_set {
    uint32_t words[65536 / 32];
};

static bool already_in(struct type_set *set, uint16_t type)
{
    uint32_t *word = &set->words[type >> 5];
    uint32_t bit = (uint32_t)1 << (type & 31);
    bool found = (*word & bit) != 0;

    *word |= bit;
    return found;
}

static enum tch_status skip(struct tch_reader *list,
                            const struct tch_field *field)
{
    struct tch_slice data;

    return decoded(tch_rd_opaque16(list, field, 0, TCH_VEC16_MAX, &data));
}

static enum tch_status read_unknown(struct tch_reader *list, uint16_t type,
                                    struct tch_extensions *out)
{
    if (!out->unknown) {
        out->unknown_type = type;
    }
    out->unknown = true;
    return skip(list, &f_extension_data);
}

static enum tch_status read_known(struct tch_reader *list,
                                  const struct extension *ext,
                                  enum tch_hello hello,
                                  struct tch_extensions *out)
{
    const struct codec *codec = codec_for(ext, hello);
    struct tch_reader data;
    enum tch_status status;

    if (hello == TCH_HELLO_SSL3 &&
        ext->facts.type != TCH_EXT_RENEGOTIATION_INFO) {
        return skip(list, &ext->field);
    }
    out->present |= ext->facts.bit;
    if (codec->read == NULL) {
        return skip(list, &ext->field);
    }
    if (!tch_rd_vec16(list, &ext->field, 0, TCH_VEC16_MAX, &data)) {
        return TCH_DECODE_ERROR;
    }
    status = codec->read(&data, out);
    if (status != TCH_OK) {
        return status;
    }
    return decoded(tch_rd_end(&data));
}

static enum tch_status read_extension(struct tch_reader *list,
                                      enum tch_hello hello,
                                      struct type_set *seen,
                                      struct tch_extensions *out)
{
    struct tch_reader at = *list;
    const struct extension *ext;
    uint16_t type;

    if (!tch_rd_u16(list, &f_extension_type, &type)) {
        return TCH_DECODE_ERROR;
    }
    if (already_in(seen, type)) {
        return tch_rd_blame(&at, &f_extension_type, TCH_DECODE_ERROR);
    }
    ext = extension_of(type);
    if (ext == NULL) {
        return read_unknown(list, type, out);
    }
    return read_known(list, ext, hello, out);
}

enum tch_status tch_read_extensions(struct tch_reader *r,
                                    enum tch_hello hello,
                                    struct tch_extensions *out)
{
    struct tch_reader list;
    struct type_set seen;

    memset(out, 0, sizeof *out);
    if (tch_rd_left(r) == 0) {
        return TCH_OK;
    }
    if (!tch_rd_vec16(r, &f_extensions, 0, TCH_VEC16_MAX, &list)) {
        return TCH_DECODE_ERROR;
    }
    out->block = true;
    memset(&seen, 0, sizeof seen);
    for (list.index = 0; tch_rd_left(&list) != 0; list.index++) {
        enum tch_status status = read_extension(&list, hello, &seen, out);

        if (status != TCH_OK) {
            return status;
        }
    }
    return TCH_OK;
}

static void write_extension(struct tch_writer *w, const struct extension *ext,
                            const struct codec *codec,
                            const struct tch_extensions *e)
{
    struct tch_mark data;

    if (codec->write == NULL) {
        w->failed = true;
        return;
    }
    tch_wr_u16(w, ext->facts.type);
    data = tch_wr_open(w, 2);
    codec->write(w, e);
    tch_wr_close(w, data);
}

void tch_write_extensions(struct tch_writer *w, enum tch_hello hello,
                          const struct tch_extensions *e)
{
    struct tch_mark block;

    if (e->present == 0) {
        return;
    }
    block = tch_wr_open(w, 2);
    for (size_t i = 0; i < NUM_EXTENSIONS; i++) {
        if ((e->present & table[i].facts.bit) != 0) {
            write_extension(w, &table[i], codec_for(&table[i], hello), e);
        }
    }
    tch_wr_close(w, block);
}
