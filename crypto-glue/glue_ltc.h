#ifndef TCH_CRYPTO_GLUE_GLUE_LTC_H
#define TCH_CRYPTO_GLUE_GLUE_LTC_H

/*
 * The private side of the glue: the one place that includes libtomcrypt's
 * header. Whoever includes this file knows libtomcrypt-1.18.2's habits:
 *
 * - A failed argument check aborts the process in Debian's build (L1), so
 *   every argument is checked on our side, before the call. That includes a
 *   NULL pointer beside a length of 0.
 * - Registering all hashes before all ciphers aborts as well (the hash made
 *   of a cipher wants its cipher). We register by name what we use.
 * - A hash_state is a union with SHA-3 in it, twice as large as what our
 *   hashes need. We never make one, we point at smaller memory.
 */

/* The header declares only the math providers one asks for. */
#ifdef TCH_MATH_GMP
#define GMP_DESC
#else
#define LTM_DESC
#endif
#include <tomcrypt.h>

#include "engine/base/algs.h"

/*
 * tch_ltc_hash gives the descriptor that computes `alg` (MD5 to SHA512), or
 * NULL for another value. It is the stock one until tch_ltc_hash_plug says
 * otherwise, and it is usable before tch_glue_init.
 */
const struct ltc_hash_descriptor *tch_ltc_hash(enum tch_hash alg);

/*
 * tch_ltc_hash_index gives the place of `alg` in libtomcrypt's table, which
 * its public-key calls ask for, or -1. Needs tch_glue_init.
 */
int tch_ltc_hash_index(enum tch_hash alg);

/*
 * tch_ltc_hash_plug makes `d` compute `alg`; NULL brings back the stock one.
 * `d` keeps libtomcrypt's state of that hash: state words, `length`,
 * `curlen` and buffer where the stock one has them (hmac_ct.c reads the state
 * words after whole blocks). Not while another thread uses the hash: for
 * tch_glue_init, and for tests that count.
 */
void tch_ltc_hash_plug(enum tch_hash alg, const struct ltc_hash_descriptor *d);

#endif
