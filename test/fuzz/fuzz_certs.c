/*
 * Fuzzing files: DER certificates, keys, names and PEM. The first byte picks
 * which reader gets the rest.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "crypto-glue/glue.h"
#include "crypto-glue/keys.h"
#include "crypto-glue/x509/pem.h"
#include "crypto-glue/x509/x509.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool truth)
{
    if (!truth) {
        abort();
    }
}

static void read_certificate(struct tch_slice in)
{
    struct tch_failure failure;
    struct tch_cert cert;
    struct tch_public_key *key = NULL;
    char text[256];

    memset(&failure, 0, sizeof failure);
    if (tch_cert_parse(&cert, in, &failure) != TCH_OK) {
        return;
    }
    (void)tch_cert_matches_host(&cert, "a.example.test");
    (void)tch_cert_matches_host(&cert, "127.0.0.1");
    (void)tch_name_text(cert.subject, text, sizeof text);
    check(strlen(text) < sizeof text);
    (void)tch_name_text(cert.issuer, text, 3);
    check(strlen(text) < 3);
    if (tch_public_key_read(&tch_alloc_default, cert.spki, &key) == TCH_OK) {
        check(tch_verify(key, cert.scheme, &cert.tbs, 1, cert.signature) !=
              TCH_INTERNAL);
        tch_public_key_free(key);
    }
}

static void read_key(struct tch_slice in)
{
    struct tch_private_key *key = NULL;

    if (tch_private_key_read(&tch_alloc_default, in, &key) == TCH_OK) {
        check(tch_private_key_info(key).bits != 0);
        tch_private_key_free(key);
    }
}

static void read_path(struct tch_slice in)
{
    struct tch_path_request q;
    struct tch_path_result found;
    struct tch_anchors *anchors = NULL;

    memset(&q, 0, sizeof q);
    check(tch_anchors_new(&tch_alloc_default, &anchors) == TCH_OK);
    if (tch_anchors_add(anchors, in) == TCH_OK) {
        q.chain = &in;
        q.num = 1;
        q.anchors = anchors;
        q.policy = tch_policy_get(TCH_POLICY_MUSEUM);
        q.alloc = &tch_alloc_default;
        q.now = 1800000000;
        check(tch_path_verify(&q, &found) != TCH_INTERNAL);
    }
    tch_anchors_free(anchors);
}

static void read_pem(struct tch_slice in)
{
    struct tch_pem_block b;

    while (tch_pem_next(&tch_alloc_default, &in, &b) == TCH_OK) {
        check(b.der_len <= b.der_cap);
        tch_give(&tch_alloc_default, b.der, b.der_cap);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const readers[])(struct tch_slice) = {
        read_certificate, read_key, read_path, read_pem
    };

    if (size == 0 || tch_glue_init() != TCH_OK) {
        return 0;
    }
    readers[data[0] % 4](tch_slice_of(data + 1, size - 1));
    return 0;
}
