/*
 * From premaster secret to keys and Finished: the worked values of dossier
 * section 11, and recorded connections of two other implementations, whose
 * secrets are known.
 *
 * Data: ../shared/data/tls-transcripts and tls-transcripts-mbedtls, skipped
 * where they are absent.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "test/unit/glue/support_json.h"
#include "test/unit/handshake/support_hs.h"

#define GO_DIR "../shared/data/tls-transcripts"
#define MBEDTLS_DIR "../shared/data/tls-transcripts-mbedtls"
#define MESSAGES "68616e647368616b65206d65737361676573207374616e642d696e"

static struct bare b;

static void randoms(void)
{
    for (unsigned i = 0; i < 32; i++) {
        b.hs->r.client_random[i] = (uint8_t)i;
        b.hs->r.server_random[i] = (uint8_t)(0x20 + i);
    }
}

static void premaster(struct tch_slice s)
{
    b.hs->premaster = tch_arena_get(&b.arena, s.len + 1);
    assert_non_null(b.hs->premaster);
    memcpy(b.hs->premaster, s.p, s.len);
    b.hs->premaster_len = s.len;
}

/* 03 03 40..6d */
static void worked_premaster(void)
{
    uint8_t p[48] = { 3, 3 };

    for (unsigned i = 2; i < 48; i++) {
        p[i] = (uint8_t)(0x3e + i);
    }
    premaster(tch_slice_of(p, 48));
}

static void start(enum tch_role role, unsigned version, unsigned suite)
{
    bare_params(&b, role);
    bare_start(&b);
    bare_suite(&b, version, suite);
    randoms();
    tch_transcript_choose(b.hs, 1u << TCH_HASH_MD5 | 1u << TCH_HASH_SHA1 |
                                    1u << TCH_HASH_SHA256 |
                                    1u << TCH_HASH_SHA384, false);
}

static void is_hex(const uint8_t *got, size_t len, const char *hex)
{
    uint8_t want[256];

    assert_int_equal(unhex(hex, want, sizeof want), len);
    assert_memory_equal(got, want, len);
}

static void add_messages(void)
{
    uint8_t text[64];
    size_t len = unhex(MESSAGES, text, sizeof text);

    assert_true(tch_transcript_add(b.hs, tch_slice_of(text, len)));
}

static const struct {
    unsigned version;
    unsigned suite;
    const char *master;
} worked[] = {
    { TCH_TLS10, 0x002F,
      "d952653cafc7030f57d2c5c72f68005fa149d43475e834e75d11c6214a7e7666"
      "d09870214f84567ee5d1f56536b2b5df" },
    { TCH_TLS12, 0x009C,
      "632a49039d6452a6657e0daeb9fce7388d487928caec8f01f1464ba55f43c269"
      "0f9d01d233f388b45bd4bcd3490f1786" },
    { TCH_TLS12, 0x009D,
      "50496bdf98d9477192620d5ee7f52e6afa468024e240491cf471a81ac75ca246"
      "a2ad8af2b53c385ac927643694135540" },
};

static void master_secrets_are_the_worked_ones_R_KEY_010(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof worked / sizeof worked[0]; i++) {
        start(TCH_CLIENT, worked[i].version, worked[i].suite);
        worked_premaster();
        assert_int_equal(tch_derive_master(b.hs), TCH_OK);
        is_hex(b.hs->r.master, TCH_MASTER_LEN, worked[i].master);
        assert_true(b.hs->master_known);
        assert_null(b.hs->premaster); /* wiped and gone */
        bare_end(&b);
    }
}

static void the_extended_master_secret_is_the_worked_one_R_KEY_042(
    void **state)
{
    (void)state;
    start(TCH_SERVER, TCH_TLS12, 0x009C);
    worked_premaster();
    add_messages();
    b.hs->r.ems = true;
    assert_int_equal(tch_derive_master(b.hs), TCH_OK);
    is_hex(b.hs->r.master, TCH_MASTER_LEN,
           "34983f536a1975cb8fc24534767205f24955aeda5fd92aa0c737374c3e9cf2ac"
           "c572c8ef58dc339dcdf969166839cef2");
    bare_end(&b);
}

static void a_used_premaster_secret_is_wiped_R_KEY_010(void **state)
{
    const uint8_t zeros[48] = { 0 };
    const uint8_t *where;

    (void)state;
    start(TCH_CLIENT, TCH_TLS12, 0x009C);
    worked_premaster();
    where = b.hs->premaster;
    assert_int_equal(tch_derive_master(b.hs), TCH_OK);
    assert_memory_equal(where, zeros, 48);
    bare_end(&b);
}

/* The partition of the key block, both directions, both roles. */
static void keys_are_cut_in_the_order_of_R_KEY_011(void **state)
{
    static const char block[] =
        "67a0dc9cefa039824353adb54e820c6105365fd6a466504a16e9bbe4f1fb7502"
        "e4daf5210ad11462";
    uint8_t k[40];

    (void)state;
    assert_int_equal(unhex(block, k, sizeof k), 40);
    for (int role = 0; role < 2; role++) {
        for (int ours = 0; ours < 2; ours++) {
            /* The client's keys: a client's own, or those a server reads. */
            size_t second = (role == TCH_CLIENT) == (ours != 0) ? 0 : 1;
            struct tch_hs_keys keys;

            start((enum tch_role)role, TCH_TLS12, 0x009C);
            worked_premaster();
            assert_int_equal(tch_derive_master(b.hs), TCH_OK);
            assert_int_equal(tch_derive_keys(b.hs, ours != 0, &keys), TCH_OK);
            assert_int_equal(keys.mac_key.len, 0);
            assert_int_equal(keys.key.len, 16);
            assert_int_equal(keys.iv.len, 4);
            assert_memory_equal(keys.key.p, k + 16 * second, 16);
            assert_memory_equal(keys.iv.p, k + 32 + 4 * second, 4);
            assert_int_equal(keys.version, TCH_TLS12);
            assert_ptr_equal(keys.suite, tch_suite_facts(0x009C));
            bare_end(&b);
        }
    }
}

/* TLS 1.0, AES-128-CBC-SHA: MAC 20 + 20, key 16 + 16, IV 16 + 16. */
static void cbc_below_tls11_takes_its_iv_from_the_block_R_KEY_020(
    void **state)
{
    static const char block[] =
        "85327485f85f79f37508cf33b42708485385c24a386f5154a27e82ad8aad3ac8"
        "01a1e253f61fbe9b4457e90e09d2119b2599d735cc3741bac71bb98db3b9d53f"
        "fb41807df57a0586dd828208b95983d1056ac2b4d6497e3bdf60a5eab49e8a4a"
        "826f3d0bd741ebc5";
    struct tch_hs_keys keys;
    uint8_t k[104];

    (void)state;
    assert_int_equal(unhex(block, k, sizeof k), 104);
    start(TCH_CLIENT, TCH_TLS10, 0x002F);
    worked_premaster();
    assert_int_equal(tch_derive_master(b.hs), TCH_OK);
    assert_int_equal(tch_derive_keys(b.hs, true, &keys), TCH_OK);
    assert_int_equal(keys.iv.len, 16);
    assert_memory_equal(keys.mac_key.p, k, 20);
    assert_memory_equal(keys.key.p, k + 40, 16);
    assert_memory_equal(keys.iv.p, k + 72, 16);
    assert_int_equal(tch_derive_keys(b.hs, false, &keys), TCH_OK);
    assert_memory_equal(keys.mac_key.p, k + 20, 20);
    assert_memory_equal(keys.key.p, k + 56, 16);
    assert_memory_equal(keys.iv.p, k + 88, 16);
    bare_end(&b);

    start(TCH_CLIENT, TCH_TLS12, 0x002F);
    worked_premaster();
    assert_int_equal(tch_derive_master(b.hs), TCH_OK);
    assert_int_equal(tch_derive_keys(b.hs, true, &keys), TCH_OK);
    assert_int_equal(keys.iv.len, 0);
    assert_int_equal(keys.mac_key.len, 20);
    bare_end(&b);
}

static void no_keys_come_from_a_secret_that_is_not_there_R_HS_081(
    void **state)
{
    struct tch_hs_keys keys;

    (void)state;
    start(TCH_CLIENT, TCH_TLS12, 0x009C);
    assert_int_equal(tch_derive_keys(b.hs, true, &keys), TCH_INTERNAL);
    assert_int_equal(tch_derive_master(b.hs), TCH_INTERNAL);
    assert_int_equal(tch_derive_keys(b.hs, false, &keys), TCH_INTERNAL);
    bare_end(&b);
}

static void finished_values_are_the_worked_ones_R_HS_120(void **state)
{
    static const struct {
        unsigned version;
        enum tch_role sender;
        const char *value;
    } rows[] = {
        { TCH_TLS10, TCH_CLIENT, "2fd9819f77ae0a502e7d9aea" },
        { TCH_TLS10, TCH_SERVER, "07dba129286455a735138d09" },
        { TCH_TLS12, TCH_CLIENT, "0ecdffccbee6c342e57361ee" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t out[TCH_VERIFY_DATA_MAX] = { 0 };

        start(TCH_SERVER, rows[i].version,
              rows[i].version == TCH_TLS10 ? 0x002F : 0x009C);
        worked_premaster();
        assert_int_equal(tch_derive_master(b.hs), TCH_OK);
        add_messages();
        tch_verify_data(b.hs, rows[i].sender, out);
        is_hex(out, 12, rows[i].value);
        assert_int_equal(out[12], 0); /* R-HS-121 */
        bare_end(&b);
    }
}

static char logged[200];
static unsigned num_logged;

static void keylog(void *arg, const char *line)
{
    (void)arg;
    num_logged++;
    snprintf(logged, sizeof logged, "%s", line);
}

static void ignore_event(void *arg, const struct tch_event *ev)
{
    (void)arg;
    (void)ev;
}

static void the_key_log_has_one_line_per_secret(void **state)
{
    struct tch_observer o;

    (void)state;
    memset(&o, 0, sizeof o);
    o.event = ignore_event;
    o.keylog = keylog;
    num_logged = 0;
    start(TCH_CLIENT, TCH_TLS12, 0x009C);
    b.params.observer = &o;
    worked_premaster();
    assert_int_equal(tch_derive_master(b.hs), TCH_OK);
    assert_int_equal(num_logged, 1);
    assert_string_equal(
        logged,
        "CLIENT_RANDOM "
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f "
        "632a49039d6452a6657e0daeb9fce7388d487928caec8f01f1464ba55f43c269"
        "0f9d01d233f388b45bd4bcd3490f1786");
    bare_end(&b);
}

/* ---- recorded connections ---- */

/* One direction of a recording: handshake bytes not yet in the transcript. */
struct direction {
    uint8_t wire[100000];
    size_t len;
    size_t at;
};

static uint8_t pending[100000];
static size_t pending_len;
static bool premaster_done;

static void derive_from(const struct json *h)
{
    uint8_t secret[600];
    uint8_t want[TCH_MASTER_LEN];
    uint8_t hash[TCH_HASH_MAX];
    size_t len = json_hex(h, "premaster_secret", secret, sizeof secret);

    if (len == 0) {
        return;
    }
    if (b.hs->r.ems) {
        struct tch_slice got = tch_transcript_hash(b.hs, tch_hs_prf_hash(b.hs),
                                                   hash);
        uint8_t session_hash[64];

        assert_int_equal(json_hex(h, "session_hash", session_hash, 64),
                         got.len);
        assert_memory_equal(session_hash, got.p, got.len);
    }
    premaster(tch_slice_of(secret, len));
    assert_int_equal(tch_derive_master(b.hs), TCH_OK);
    assert_int_equal(json_hex(h, "master_secret", want, sizeof want), 48);
    assert_memory_equal(b.hs->r.master, want, 48);
    premaster_done = true;
}

/* Whole messages of `pending` go into the transcript; secrets are derived
 * when ClientKeyExchange is in. */
static void drain(const struct json *h)
{
    size_t at = 0;

    while (pending_len - at >= 4) {
        const uint8_t *p = pending + at;
        size_t len = 4 + ((size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3]);

        if (pending_len - at < len) {
            break;
        }
        assert_true(tch_transcript_add(b.hs, tch_slice_of(p, len)));
        at += len;
        if (p[0] == TCH_MSG_CLIENT_KEY_EXCHANGE) {
            derive_from(h);
        }
    }
    pending_len -= at;
    memmove(pending, pending + at, pending_len);
}

/* Records of one flow until its change_cipher_spec; true when it came. */
static bool read_flow(const struct json *h, const uint8_t *p, size_t len)
{
    while (len >= 5) {
        size_t n = (size_t)p[3] << 8 | p[4];

        assert_true(len - 5 >= n);
        if (p[0] == 20) {
            return true;
        }
        if (p[0] == 22) {
            memcpy(pending + pending_len, p + 5, n);
            pending_len += n;
            drain(h);
        }
        p += 5 + n;
        len -= 5 + n;
    }
    return false;
}

static void check_finished(const struct json *h, enum tch_role sender)
{
    uint8_t want[64];
    uint8_t got[TCH_VERIFY_DATA_MAX];
    uint8_t message[4 + 12] = { 20, 0, 0, 12 };

    assert_int_equal(json_hex(h,
                              sender == TCH_CLIENT ? "client_finished_body"
                                                   : "server_finished_body",
                              want, sizeof want),
                     12);
    tch_verify_data(b.hs, sender, got);
    assert_memory_equal(got, want, 12);
    memcpy(message + 4, want, 12);
    assert_true(tch_transcript_add(b.hs, tch_slice_of(message, 16)));
}

static void check_key_block(const struct json *h)
{
    static uint8_t want[1000];
    struct tch_hs_keys keys;
    size_t len = json_hex(h, "key_block", want, sizeof want);

    assert_int_equal(tch_derive_keys(b.hs, true, &keys), TCH_OK);
    assert_true(b.hs->key_block_len != 0 && b.hs->key_block_len <= len);
    assert_memory_equal(b.hs->key_block, want, b.hs->key_block_len);
}

static void set_up(const struct json *h, unsigned version,
                   const struct tch_suite *suite)
{
    start(TCH_CLIENT, version, suite->code);
    json_hex(h, "client_random", b.hs->r.client_random, 32);
    json_hex(h, "server_random", b.hs->r.server_random, 32);
}

/* The first handshake of a recording; later ones are encrypted. Whether it
 * was one this test can follow. */
static bool follow_go(const struct json *doc)
{
    const struct json *h = json_get(doc, "handshakes");
    static uint8_t flow[100000];
    uint8_t two[2];
    unsigned version;
    unsigned changes = 0;

    h = h == NULL ? NULL : h->first;
    if (h == NULL || json_hex(h, "version", two, 2) != 2) {
        return false;
    }
    version = tch_get_u16(two);
    json_hex(h, "cipher_suite_id", two, 2);
    if (version == TCH_SSL3) {
        return false;
    }
    set_up(h, version, tch_suite_facts(tch_get_u16(two)));
    b.hs->r.ems = json_get(h, "extended_master_secret")->kind == JSON_TRUE;
    pending_len = 0;
    premaster_done = false;
    if (json_get(h, "resumed")->kind == JSON_TRUE) {
        assert_int_equal(json_hex(h, "master_secret", b.hs->r.master, 48), 48);
        b.hs->master_known = true;
    }
    for (const struct json *f = json_get(doc, "flows")->first;
         f != NULL && changes < 2; f = f->next) {
        size_t len = json_hex(f, "hex", flow, sizeof flow);

        if (read_flow(h, flow, len)) {
            changes++;
            check_finished(h, strcmp(json_text(f, "from"), "client") == 0
                                  ? TCH_CLIENT
                                  : TCH_SERVER);
        }
    }
    assert_int_equal(changes, 2);
    check_key_block(h);
    bare_end(&b);
    return true;
}

/* Its files give the master secret and the key block. */
static bool follow_mbedtls(const struct json *doc)
{
    char name[80];
    const struct tch_suite *suite;
    long minor = 0;

    snprintf(name, sizeof name, "%s", json_text(doc, "suite"));
    for (char *p = name; *p != '\0'; p++) {
        *p = *p == '-' ? '_' : *p;
    }
    suite = tch_suite_named(name);
    minor = json_text(doc, "version")[2] - '0';
    if (suite == NULL || minor < 1 || minor > 3) {
        return false;
    }
    set_up(doc, 0x0300u + (unsigned)minor, suite);
    assert_int_equal(json_hex(doc, "master_secret", b.hs->r.master, 48), 48);
    b.hs->master_known = true;
    check_key_block(doc);
    bare_end(&b);
    return true;
}

static unsigned follow_all(const char *dir, bool (*follow)(const struct json *))
{
    DIR *d = opendir(dir);
    const struct dirent *e;
    unsigned followed = 0;

    if (d == NULL) {
        print_message("# %s is not there\n", dir);
        skip();
    }
    while ((e = readdir(d)) != NULL) {
        char path[600];
        struct json_doc doc;

        if (strstr(e->d_name, ".json") == NULL) {
            continue;
        }
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        assert_true(json_load(path, &doc));
        followed += follow(doc.root);
        json_free(&doc);
    }
    closedir(d);
    print_message("# %u recordings followed\n", followed);
    return followed;
}

static void recordings_of_go_have_our_secrets_and_finished(void **state)
{
    (void)state;
    assert_true(follow_all(GO_DIR, follow_go) >= 75);
}

static void recordings_of_mbedtls_have_our_key_blocks(void **state)
{
    (void)state;
    assert_true(follow_all(MBEDTLS_DIR, follow_mbedtls) >= 110);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(master_secrets_are_the_worked_ones_R_KEY_010),
        cmocka_unit_test(
            the_extended_master_secret_is_the_worked_one_R_KEY_042),
        cmocka_unit_test(a_used_premaster_secret_is_wiped_R_KEY_010),
        cmocka_unit_test(keys_are_cut_in_the_order_of_R_KEY_011),
        cmocka_unit_test(cbc_below_tls11_takes_its_iv_from_the_block_R_KEY_020),
        cmocka_unit_test(no_keys_come_from_a_secret_that_is_not_there_R_HS_081),
        cmocka_unit_test(finished_values_are_the_worked_ones_R_HS_120),
        cmocka_unit_test(the_key_log_has_one_line_per_secret),
        cmocka_unit_test(recordings_of_go_have_our_secrets_and_finished),
        cmocka_unit_test(recordings_of_mbedtls_have_our_key_blocks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
