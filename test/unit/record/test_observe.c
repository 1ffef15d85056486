/* observe.c: an observer sees each record as it is on the wire. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/glue.h"
#include "record/observe.h"
#include "test/unit/record/support_record.h"

/* Collects what was reported. */
struct log {
    struct tch_observer observer;
    uint8_t bytes[RECORD_ROOM];
    size_t len;
    size_t num;
    enum tch_event_kind kind;
    const char *name;
    uint64_t last_number;
};

static void note(void *arg, const struct tch_event *ev)
{
    struct log *l = arg;

    if (ev->bytes.len != 0) {
        memcpy(l->bytes + l->len, ev->bytes.p, ev->bytes.len);
        l->len += ev->bytes.len;
    }
    l->kind = ev->kind;
    l->name = ev->name;
    l->last_number = ev->number;
    l->num++;
}

static void log_init(struct log *l)
{
    memset(l, 0, sizeof *l);
    l->observer.event = note;
    l->observer.arg = l;
}

static void what_is_sealed_is_reported_once_a_record(void **state)
{
    static struct log l;
    static uint8_t wire[RECORD_ROOM];
    static uint8_t text[256];
    struct kind k;

    (void)state;
    for (size_t i = 0; kind_at(i, &k); i++) {
        for (unsigned apart = 0; apart < 2; apart++) {
            struct pair p;
            size_t num;
            size_t len;

            log_init(&l);
            pair_init(&p, &k);
            p.out.observer = &l.observer;
            len = (apart ? seal_apart : seal_block)(&p.out, 23, sample(), 50,
                                                    wire);
            assert_int_equal(l.len, len);
            assert_memory_equal(l.bytes, wire, len);
            assert_int_equal(l.kind, TCH_EV_RECORD_OUT);
            assert_string_equal(l.name, "application_data");
            assert_int_equal(l.num, k.split ? 2 : 1);
            assert_true(l.last_number == l.num - 1);
            assert_int_equal(open_all(&p.in, wire, len, text, &num), 50);
            pair_clear(&p);
        }
    }
}

static void what_comes_in_is_reported_before_it_is_opened(void **state)
{
    static struct log l;
    static uint8_t wire[RECORD_ROOM];
    static uint8_t before[RECORD_ROOM];
    struct kind k;

    (void)state;
    for (size_t i = 0; kind_at(i, &k); i++) {
        struct tch_opened o;
        struct pair p;
        size_t len;

        log_init(&l);
        pair_init(&p, &k);
        p.in.observer = &l.observer;
        len = seal_block(&p.out, 22, sample(), 50, wire);
        wire[len - 1] ^= 1; /* also one that will not open */
        memcpy(before, wire, len);
        (void)!tch_record_open(&p.in, wire, len, &o);
        assert_int_equal(l.num, 1);
        assert_int_equal(l.len, len);
        assert_memory_equal(l.bytes, before, len);
        assert_int_equal(l.kind, TCH_EV_RECORD_IN);
        assert_string_equal(l.name, "handshake");
        pair_clear(&p);
    }
}

static void an_observer_changes_no_byte_R_T1(void **state)
{
    static struct log l;
    static uint8_t with[RECORD_ROOM];
    static uint8_t without[RECORD_ROOM];
    struct kind k;

    (void)state;
    for (size_t i = 0; kind_at(i, &k); i++) {
        struct pair p;
        size_t len;

        log_init(&l);
        pair_init(&p, &k);
        len = seal_apart(&p.out, 23, sample(), 33, without);
        pair_clear(&p);
        pair_init(&p, &k);
        p.out.observer = &l.observer;
        assert_int_equal(seal_apart(&p.out, 23, sample(), 33, with), len);
        assert_memory_equal(with, without, len);
        pair_clear(&p);
    }
}

static void *no_memory(void *arg, size_t n)
{
    (void)arg;
    (void)n;
    return NULL;
}

static void without_memory_pieces_are_reported_empty(void **state)
{
    struct kind k = kind_of("TLS_RSA_WITH_AES_128_GCM_SHA256", TCH_TLS12,
                            false, false);
    struct tch_alloc none = { no_memory, NULL, NULL };
    static struct log l;
    uint8_t wire[128];
    struct pair p;

    (void)state;
    log_init(&l);
    pair_init(&p, &k);
    p.out.observer = &l.observer;
    p.out.alloc = &none;
    assert_int_equal(seal_apart(&p.out, 23, sample(), 33, wire), 62);
    assert_int_equal(l.num, 1);
    assert_int_equal(l.len, 0);
    p.out.alloc = &tch_alloc_default;
    pair_clear(&p);
}

/* Collects the secret events of one record, sealed and opened. */
struct inside {
    struct tch_observer observer;
    size_t num;
    size_t mac_input_len;
    bool content; /* both ways */
    bool mac;
};

static void look(void *arg, const struct tch_event *ev)
{
    struct inside *in = arg;

    if (ev->kind != TCH_EV_SECRET) {
        return;
    }
    in->num++;
    if (strcmp(ev->name, "content") == 0) {
        in->content = ev->bytes.len == 5 &&
                      memcmp(ev->bytes.p, sample(), 5) == 0;
    } else if (strcmp(ev->name, "mac_input") == 0) {
        in->mac_input_len += ev->bytes.len;
    } else if (strcmp(ev->name, "MAC") == 0) {
        in->mac = ev->bytes.len == 20;
    }
}

static void watch_inside(const char *suite, bool secrets, struct inside *in)
{
    struct kind k = kind_of(suite, TCH_TLS12, false, false);
    uint8_t wire[128];
    uint8_t text[8];
    struct pair p;
    size_t num;
    size_t len;

    memset(in, 0, sizeof *in);
    in->observer.event = look;
    in->observer.arg = in;
    in->observer.secrets = secrets;
    pair_init(&p, &k);
    p.out.observer = &in->observer;
    p.in.observer = &in->observer;
    len = seal_block(&p.out, 23, sample(), 5, wire);
    assert_int_equal(open_all(&p.in, wire, len, text, &num), 5);
    pair_clear(&p);
}

static void the_inside_shows_in_teaching_builds_alone_R_T2(void **state)
{
    struct inside cbc;
    struct inside gcm;
    struct inside closed;

    (void)state;
    watch_inside("TLS_RSA_WITH_AES_128_CBC_SHA", true, &cbc);
    watch_inside("TLS_RSA_WITH_AES_128_GCM_SHA256", true, &gcm);
    watch_inside("TLS_RSA_WITH_AES_128_CBC_SHA", false, &closed);
    assert_int_equal(closed.num, 0);
#ifdef TCH_TEACHING
    assert_true(cbc.content && cbc.mac && gcm.content);
    assert_int_equal(cbc.mac_input_len, 13 + 5);
    assert_int_equal(gcm.num, 6);
#else
    assert_int_equal(cbc.num, 0);
    assert_int_equal(gcm.num, 0);
#endif
}

static void content_types_have_the_names_of_rfc_5246_6_2_1(void **state)
{
    (void)state;
    assert_string_equal(tch_content_type_name(20), "change_cipher_spec");
    assert_string_equal(tch_content_type_name(21), "alert");
    assert_string_equal(tch_content_type_name(22), "handshake");
    assert_string_equal(tch_content_type_name(23), "application_data");
    assert_string_equal(tch_content_type_name(24), "unknown");
}

static int ready(void **state)
{
    (void)state;
    return tch_glue_init() == TCH_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sealed_is_reported_once_a_record),
        cmocka_unit_test(what_comes_in_is_reported_before_it_is_opened),
        cmocka_unit_test(an_observer_changes_no_byte_R_T1),
        cmocka_unit_test(without_memory_pieces_are_reported_empty),
        cmocka_unit_test(the_inside_shows_in_teaching_builds_alone_R_T2),
        cmocka_unit_test(content_types_have_the_names_of_rfc_5246_6_2_1),
    };

    return cmocka_run_group_tests(tests, ready, NULL);
}
