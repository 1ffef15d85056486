/* One function: see wipe.h. */

#include "engine/base/wipe.h"

#include <string.h>

void tch_wipe(void *p, size_t len)
{
    if (len == 0) {
        return;
    }
    memset(p, 0, len);
    /* The barrier makes the compiler believe that somebody reads *p. */
    __asm__ __volatile__("" : : "r"(p) : "memory");
}
