/*
 * Package memory and FreeContextBuffer, on the set of live.h: a pointer that
 * is not in the set is refused without being touched (contract 2.3, F3).
 */

#include "sspi/memory.h"

#include <string.h>

#include "sspi/include/sspi.h"
#include "sspi/live.h"

void *tch_own(size_t n)
{
    return tch_take(&tch_alloc_default, n);
}

void tch_disown(void *p, size_t n)
{
    tch_give(&tch_alloc_default, p, n);
}

char *tch_own_text(const char *s)
{
    char *copy = s == NULL ? NULL : tch_own(strlen(s) + 1);

    if (copy != NULL) {
        memcpy(copy, s, strlen(s) + 1);
    }
    return copy;
}

void tch_disown_text(char *s)
{
    if (s != NULL) {
        tch_disown(s, strlen(s) + 1);
    }
}

void *tch_package_alloc(size_t n)
{
    size_t size = n == 0 ? 1 : n;
    void *p = tch_own(size);

    if (p != NULL && !tch_live_add(TCH_LIVE_MEMORY, p, size)) {
        tch_disown(p, size);
        return NULL;
    }
    return p;
}

void *tch_package_copy(struct tch_slice s)
{
    void *p = tch_package_alloc(s.len);

    if (p != NULL && s.len > 0) {
        memcpy(p, s.p, s.len);
    }
    return p;
}

void tch_package_free(void *p)
{
    FreeContextBuffer(p);
}

SECURITY_STATUS SEC_ENTRY FreeContextBuffer(PVOID pvContextBuffer)
{
    size_t size;

    if (pvContextBuffer == NULL) {
        return SEC_E_OK;
    }
    /* Taken out of the set first: of two threads that free the same pointer
     * one succeeds. */
    if (!tch_live_remove(TCH_LIVE_MEMORY, pvContextBuffer, &size)) {
        return SEC_E_INVALID_HANDLE;
    }
    tch_disown(pvContextBuffer, size);
    return SEC_E_OK;
}
