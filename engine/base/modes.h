#ifndef TCH_ENGINE_BASE_MODES_H
#define TCH_ENGINE_BASE_MODES_H

/*
 * The choices a program makes about a connection, and the private key that
 * lives elsewhere. Part of the public interface: tch.h includes it.
 */

#include "slice.h"
#include "status.h"

enum tch_role { TCH_CLIENT, TCH_SERVER };

/* tch_client_auth is what a server asks of its clients. */
enum tch_client_auth {
    TCH_CLIENT_AUTH_NONE,
    TCH_CLIENT_AUTH_REQUEST, /* go on without one */
    TCH_CLIENT_AUTH_REQUIRE
};

/*
 * tch_verify is how the peer's certificate is judged. AUTO: path to an
 * anchor, dates, use, name (client). INSECURE: not at all. ASK: the
 * connection stops with TCH_WANT_VERDICT and goes on after
 * tch_answer_verdict. The signature that proves the key is always checked.
 */
enum tch_verify { TCH_VERIFY_AUTO, TCH_VERIFY_ASK, TCH_VERIFY_INSECURE };

/*
 * tch_renegotiation is what happens when the peer asks for a new handshake
 * (R-HS-070, R-HS-130). ASK: tch_open answers TCH_RENEGOTIATE and the next
 * tch_step goes along (tch_refuse_renegotiation refuses instead). REFUSE: a
 * no_renegotiation warning. IGNORE: nothing (client).
 */
enum tch_renegotiation {
    TCH_RENEGOTIATION_ASK,
    TCH_RENEGOTIATION_REFUSE,
    TCH_RENEGOTIATION_IGNORE
};

/*
 * tch_signer is a private key that lives elsewhere. `sign` and `decrypt`
 * either answer at once (TCH_OK with `out` filled, at most 1024 bytes) or
 * return TCH_WANT_SIGNATURE or TCH_WANT_DECRYPT: the connection then stops,
 * hands that status to its caller, and goes on after tch_answer_signature or
 * tch_answer_decrypt. `scheme` is the TLS 1.2 code (0xFFFF: RSA over MD5 ||
 * SHA-1); `hash` is the hash to sign. `decrypt` gets RSA ciphertext and gives
 * the raw result of m = c^d mod n at the modulus' length; padding is checked
 * here, in constant time, and a failure of `decrypt` counts as bad padding.
 * Without `decrypt` the key serves no suite with RSA key transport.
 */
struct tch_signer {
    enum tch_status (*sign)(void *arg, unsigned scheme, struct tch_slice hash,
                            uint8_t *out, size_t *out_len);
    enum tch_status (*decrypt)(void *arg, struct tch_slice ciphertext,
                               uint8_t *out, size_t *out_len);
    void *arg;
};

#endif
