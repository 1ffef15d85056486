/* One function: see hostname.h. */

#include "engine/base/hostname.h"

size_t tch_hostname(struct tch_slice name, char out[TCH_HOSTNAME_MAX + 1])
{
    size_t len = name.len;

    if (len != 0 && name.p[len - 1] == '.') {
        len--;
    }
    out[0] = '\0';
    if (len > TCH_HOSTNAME_MAX) {
        return len;
    }
    for (size_t i = 0; i < len; i++) {
        char c = (char)name.p[i];

        out[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    out[len] = '\0';
    return len;
}
