/* The default of the clock hook in draw.h. */

#include "engine/base/draw.h"

#include <time.h>

static uint64_t system_now(void *arg)
{
    struct timespec t;

    (void)arg;
    if (clock_gettime(CLOCK_REALTIME, &t) != 0) {
        return 0;
    }
    return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

const struct tch_clock tch_clock_system = { system_now, NULL };
