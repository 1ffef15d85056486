#ifndef TCH_CRYPTO_GLUE_GLUE_H
#define TCH_CRYPTO_GLUE_GLUE_H

/*
 * One call makes the glue ready: registers the hashes we use with libtomcrypt
 * and sets its math provider, unless the application has set one. Ciphers
 * need no start: their implementation for this CPU is picked at first use.
 */

#include "engine/base/status.h"

/* tch_glue_init makes the glue ready; any number of calls from any thread.
 * TCH_OK, or TCH_INTERNAL when libtomcrypt's table of hashes is full. */
enum tch_status tch_glue_init(void);

#endif
