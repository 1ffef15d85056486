/*
 * Signature algorithms (crypto-glue/x509/sigalg.c): dossier 7.5, RFC 3279,
 * 4055, 5758, 8410. The PSS parameters are those that openssl writes.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/base/algs.h"

#include "crypto-glue/x509/sigalg.h"

#include "test/unit/glue/support_make_cert.h"

TCH_FIELD(algorithm, "5280 4.1.1.2");

static bool read_alg(const char *hex, struct tch_sigalg *out)
{
    struct tch_reader r;

    tch_rd_init(&r, hex_slice(hex), &f_algorithm, NULL);
    return tch_sigalg_read(&r, &f_algorithm, out) && tch_rd_end(&r);
}

/* One AlgorithmIdentifier and what it means; scheme 1: refused. */
struct row {
    const char *hex;
    unsigned scheme;
    bool weak;
};

#define REFUSED 1u

static void check(const struct row *rows, size_t num)
{
    for (size_t i = 0; i < num; i++) {
        struct tch_sigalg alg;
        bool ok = read_alg(rows[i].hex, &alg);

        assert_int_equal(ok, rows[i].scheme != REFUSED);
        if (ok) {
            assert_int_equal(alg.scheme, rows[i].scheme);
            assert_int_equal(alg.weak, rows[i].weak);
        }
    }
}

static void rsa_pkcs1_by_its_oid(void **state)
{
    static const struct row rows[] = {
        { "300D06092A864886F70D0101020500", 0, true },
        { "300D06092A864886F70D0101030500", 0, true },
        { "300D06092A864886F70D0101040500", TCH_SCHEME_RSA_PKCS1_MD5, false },
        { "300D06092A864886F70D0101050500", TCH_SCHEME_RSA_PKCS1_SHA1, false },
        { "300D06092A864886F70D01010E0500", TCH_SCHEME_RSA_PKCS1_SHA224,
          false },
        { "300D06092A864886F70D01010B0500", TCH_SCHEME_RSA_PKCS1_SHA256,
          false },
        { "300D06092A864886F70D01010C0500", TCH_SCHEME_RSA_PKCS1_SHA384,
          false },
        { "300D06092A864886F70D01010D0500", TCH_SCHEME_RSA_PKCS1_SHA512,
          false },
        /* parameters absent: fine from SHA-224 on */
        { "300B06092A864886F70D01010B", TCH_SCHEME_RSA_PKCS1_SHA256, false },
        { "300B06092A864886F70D010105", REFUSED, false },
        /* parameters of another kind, or more than NULL */
        { "300E06092A864886F70D01010B020105", REFUSED, false },
        { "300F06092A864886F70D01010B05000500", REFUSED, false },
        { "300E06092A864886F70D01010B050100", REFUSED, false },
    };

    (void)state;
    check(rows, sizeof rows / sizeof rows[0]);
}

static void ecdsa_dsa_and_eddsa_have_no_parameters(void **state)
{
    static const struct row rows[] = {
        { "300906072A8648CE3D0401", TCH_SCHEME_ECDSA_SHA1, false },
        { "300A06082A8648CE3D040301", TCH_SCHEME_ECDSA_SHA224, false },
        { "300A06082A8648CE3D040302", TCH_SCHEME_ECDSA_SHA256, false },
        { "300A06082A8648CE3D040303", TCH_SCHEME_ECDSA_SHA384, false },
        { "300A06082A8648CE3D040304", TCH_SCHEME_ECDSA_SHA512, false },
        { "300906072A8648CE380403", TCH_SCHEME_DSA_SHA1, false },
        { "300B0609608648016503040301", TCH_SCHEME_DSA_SHA224, false },
        { "300B0609608648016503040302", TCH_SCHEME_DSA_SHA256, false },
        { "300506032B6570", TCH_SCHEME_ED25519, false },
        { "300506032B6571", TCH_SCHEME_ED448, false },
        { "300C06082A8648CE3D0403020500", REFUSED, false },
        { "300706032B65700500", REFUSED, false },
    };

    (void)state;
    check(rows, sizeof rows / sizeof rows[0]);
}

/* An AlgorithmIdentifier of PSS around these parameters. */
static bool read_pss(const char *params, struct tch_sigalg *out)
{
    struct tch_slice p = hex_slice(params);
    char hex[512];
    size_t at;

    at = (size_t)snprintf(hex, sizeof hex, "30%02X06092A864886F70D01010A",
                          (unsigned)(11 + p.len));
    for (size_t i = 0; i < p.len; i++) {
        at += (size_t)snprintf(hex + at, sizeof hex - at, "%02X", p.p[i]);
    }
    return read_alg(hex, out);
}

#define SHA256 "300D06096086480165030402010500"
#define SHA384 "300D06096086480165030402020500"
#define SHA512 "300D06096086480165030402030500"
#define SHA224 "300D06096086480165030402040500"
#define MGF1(hash) "301A06092A864886F70D010108" hash

static void pss_by_its_parameters(void **state)
{
    static const struct row rows[] = {
        { "3034A00F" SHA256 "A11C" MGF1(SHA256) "A203020120",
          TCH_SCHEME_RSA_PSS_RSAE_SHA256, false },
        { "3034A00F" SHA384 "A11C" MGF1(SHA384) "A203020130",
          TCH_SCHEME_RSA_PSS_RSAE_SHA384, false },
        { "3034A00F" SHA512 "A11C" MGF1(SHA512) "A203020140",
          TCH_SCHEME_RSA_PSS_RSAE_SHA512, false },
        /* the trailer spelled out */
        { "3039A00F" SHA256 "A11C" MGF1(SHA256) "A203020120A303020101",
          TCH_SCHEME_RSA_PSS_RSAE_SHA256, false },
        /* hash without parameters */
        { "3030A00D300B0609608648016503040201A11A"
          "301806092A864886F70D010108300B0609608648016503040201A203020120",
          TCH_SCHEME_RSA_PSS_RSAE_SHA256, false },
        /* combinations TLS has no name for: another trailer, salt, hash */
        { "3039A00F" SHA256 "A11C" MGF1(SHA256) "A203020120A303020102", 0,
          false },
        { "3034A00F" SHA256 "A11C" MGF1(SHA256) "A203020114", 0, false },
        { "302FA00F" SHA256 "A11C" MGF1(SHA256), 0, false },
        { "3034A00F" SHA256 "A11C" MGF1(SHA384) "A203020120", 0, false },
        { "3034A00F" SHA224 "A11C" MGF1(SHA224) "A20302011C", 0, false },
        /* the defaults are SHA-1 */
        { "3000", 0, true },
        { "3005A203020120", 0, true },
        /* malformed */
        { "", REFUSED, false },
        { "0500", REFUSED, false },
        { "3034A203020120A00F" SHA256 "A11C" MGF1(SHA256), REFUSED, false },
        { "3034A00F" SHA256 "A11C301A06092A864886F70D010107" SHA256
          "A203020120",
          REFUSED, false },
        { "3034A00F" SHA256 "A11C" MGF1(SHA256) "A2030201FF", REFUSED,
          false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct tch_sigalg alg;
        bool ok = read_pss(rows[i].hex, &alg);

        assert_int_equal(ok, rows[i].scheme != REFUSED);
        if (ok) {
            assert_int_equal(alg.scheme, rows[i].scheme);
            assert_int_equal(alg.weak, rows[i].weak);
        }
    }
}

static void an_unknown_algorithm_is_no_scheme(void **state)
{
    static const struct row rows[] = {
        { "300406022A03", 0, false },
        { "300706022A03020105", 0, false }, /* whatever its parameters */
        { "3000", REFUSED, false },
        { "30020500", REFUSED, false },
        { "0500", REFUSED, false },
    };

    (void)state;
    check(rows, sizeof rows / sizeof rows[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rsa_pkcs1_by_its_oid),
        cmocka_unit_test(ecdsa_dsa_and_eddsa_have_no_parameters),
        cmocka_unit_test(pss_by_its_parameters),
        cmocka_unit_test(an_unknown_algorithm_is_no_scheme),
    };

    return cmocka_run_group_tests_name("cert_sigalg", tests, NULL, NULL);
}
