#ifndef TCH_CRYPTO_GLUE_GLUE_H
#define TCH_CRYPTO_GLUE_GLUE_H

/*
 * One call makes the glue ready: registers libtomcrypt's descriptors and its
 * math provider, and picks our implementations for this CPU.
 */

#include "engine/base/status.h"

/* tch_glue_init makes the glue ready; any number of calls from any thread.
 * TCH_OK, or TCH_INTERNAL when libtomcrypt lacks what it must have. */
enum tch_status tch_glue_init(void);

#endif
