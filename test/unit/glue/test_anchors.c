/*
 * The set of trust anchors (crypto-glue/x509/anchors.c).
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto-glue/x509/anchors.h"

#include "test/unit/glue/support_keys.h"
#include "test/unit/glue/support_make_cert.h"
#include "test/unit/glue/support_x509.h"

static uint8_t made[MADE_MAX];

static void the_set_owns_copies_in_the_order_of_adding(void **state)
{
    static const char *const names[] = { "ca", "other-ca", "ca-ec256" };
    struct tch_anchors *a;

    (void)state;
    assert_int_equal(tch_anchors_new(&tch_alloc_default, &a), TCH_OK);
    assert_int_equal(tch_anchors_count(a), 0);
    assert_null(tch_anchors_at(a, 0));
    for (size_t i = 0; i < 3; i++) {
        struct pile p = { .num = 0 };

        pile_add(&p, names[i]);
        assert_int_equal(tch_anchors_add(a, p.der[0]), TCH_OK);
        pile_free(&p); /* wipes: the set must not need it any more */
    }
    assert_int_equal(tch_anchors_count(a), 3);
    for (size_t i = 0; i < 3; i++) {
        struct pile p = { .num = 0 };
        const struct tch_cert *c = tch_anchors_at(a, i);

        pile_add(&p, names[i]);
        assert_non_null(c);
        assert_int_equal(c->der.len, p.der[0].len);
        assert_memory_equal(c->der.p, p.der[0].p, c->der.len);
        assert_ptr_not_equal(c->der.p, p.der[0].p);
        assert_true(c->is_ca);
        assert_non_null(tch_anchors_key(a, i));
        assert_int_equal(tch_anchors_find(a, p.der[0]), (int)i);
        pile_free(&p);
    }
    assert_null(tch_anchors_at(a, 3));
    assert_null(tch_anchors_key(a, 3));
    tch_anchors_free(a);
}

static void adding_twice_is_adding_once(void **state)
{
    struct pile p = { .num = 0 };
    struct tch_anchors *a;

    (void)state;
    pile_add(&p, "ca");
    pile_add(&p, "ca");
    pile_add(&p, "other-ca");
    a = anchors_of(&p);
    assert_int_equal(tch_anchors_count(a), 2);
    tch_anchors_free(a);
    pile_free(&p);
}

static void what_does_not_parse_is_refused(void **state)
{
    struct pile p = { .num = 0 };
    struct tch_anchors *a;

    (void)state;
    pile_add(&p, "ca");
    assert_int_equal(tch_anchors_new(&tch_alloc_default, &a), TCH_OK);
    assert_int_equal(tch_anchors_add(a, tch_slice_of("", 0)), TCH_CERT_BAD);
    assert_int_equal(
        tch_anchors_add(a, tch_slice_of(p.der[0].p, p.der[0].len - 1)),
        TCH_CERT_BAD);
    assert_int_equal(tch_anchors_count(a), 0);
    assert_int_equal(tch_anchors_add(a, p.der[0]), TCH_OK);
    assert_int_equal(tch_anchors_count(a), 1);
    tch_anchors_free(a);
    pile_free(&p);
}

/* One key of a bundle that this build cannot use must not spoil the rest. */
static void a_key_of_an_unknown_kind_stays_without_use(void **state)
{
    struct recipe r = { .spki = hex_slice("300A300406022A03030200AA") };
    struct tch_anchors *a;
    size_t len;

    (void)state;
    len = make_cert(&r, made);
    assert_int_equal(tch_anchors_new(&tch_alloc_default, &a), TCH_OK);
    assert_int_equal(tch_anchors_add(a, tch_slice_of(made, len)), TCH_OK);
    assert_int_equal(tch_anchors_count(a), 1);
    assert_null(tch_anchors_key(a, 0));
    tch_anchors_free(a);
}

static void no_set_is_an_empty_one(void **state)
{
    (void)state;
    assert_int_equal(tch_anchors_count(NULL), 0);
    assert_null(tch_anchors_at(NULL, 0));
    assert_int_equal(tch_anchors_find(NULL, tch_slice_of("x", 1)), -1);
    tch_anchors_free(NULL);
}

/* Builds a set of twelve; gives the first status that is not TCH_OK. */
static enum tch_status build(const struct tch_alloc *alloc)
{
    struct tch_anchors *a;
    enum tch_status st = tch_anchors_new(alloc, &a);

    for (unsigned i = 0; st == TCH_OK && i < 12; i++) {
        uint8_t serial = (uint8_t)(i + 1);
        struct recipe r = { .serial = tch_slice_of(&serial, 1) };

        st = tch_anchors_add(a, tch_slice_of(made, make_cert(&r, made)));
        assert_int_equal(tch_anchors_count(a), st == TCH_OK ? i + 1 : i);
    }
    tch_anchors_free(a);
    return st;
}

static void when_memory_runs_out_nothing_is_lost(void **state)
{
    struct counter c = { 0, 0, 0 };
    struct tch_alloc alloc = counted_alloc(&c);
    size_t calls;

    (void)state;
    assert_int_equal(build(&alloc), TCH_OK);
    assert_int_equal(c.taken, 0);
    calls = c.calls;
    assert_true(calls > 24);
    for (size_t i = 1; i <= calls; i++) {
        c.calls = 0;
        c.fail_at = i;
        assert_int_equal(build(&alloc), TCH_NO_MEMORY);
        assert_int_equal(c.taken, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_set_owns_copies_in_the_order_of_adding),
        cmocka_unit_test(adding_twice_is_adding_once),
        cmocka_unit_test(what_does_not_parse_is_refused),
        cmocka_unit_test(a_key_of_an_unknown_kind_stays_without_use),
        cmocka_unit_test(no_set_is_an_empty_one),
        cmocka_unit_test(when_memory_runs_out_nothing_is_lost),
    };

    return cmocka_run_group_tests_name("anchors", tests, NULL, NULL);
}
