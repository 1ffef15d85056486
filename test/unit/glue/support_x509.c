/*
 * Piles of certificates for the tests of crypto-glue/x509.
 */

#include "test/unit/glue/support_x509.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto-glue/x509/pem.h"

static void give_up(const char *what, const char *which)
{
    fprintf(stderr, "set-up: %s: %s\n", what, which);
    exit(2);
}

char *slurp(const char *path, size_t *len)
{
    FILE *f = fopen(path, "rb");
    size_t cap = 1u << 16;
    char *buf = malloc(cap);

    *len = 0;
    if (f == NULL || buf == NULL) {
        free(buf);
        if (f != NULL) {
            fclose(f);
        }
        return NULL;
    }
    for (;;) {
        size_t n = fread(buf + *len, 1, cap - 1 - *len, f);
        char *more;

        *len += n;
        if (n == 0) {
            break;
        }
        if (*len == cap - 1) {
            cap *= 2;
            more = realloc(buf, cap);
            if (more == NULL) {
                give_up("out of memory", path);
            }
            buf = more;
        }
    }
    fclose(f);
    buf[*len] = '\0';
    return buf;
}

static void keep(struct pile *p, uint8_t *der, size_t len, size_t cap)
{
    if (p->num == PILE_MAX) {
        give_up("too many certificates", "pile");
    }
    p->der[p->num] = tch_slice_of(der, len);
    p->cap[p->num] = cap;
    p->num++;
}

void pile_add_der(struct pile *p, struct tch_slice der)
{
    uint8_t *copy = tch_take(&tch_alloc_default, der.len);

    if (copy == NULL) {
        give_up("out of memory", "pile");
    }
    memcpy(copy, der.p, der.len);
    keep(p, copy, der.len, der.len);
}

void pile_add_pem(struct pile *p, struct tch_slice text)
{
    struct tch_pem_block b;
    enum tch_status st;

    do {
        st = tch_pem_next(&tch_alloc_default, &text, &b);
        if (st == TCH_OK && strcmp(b.label, "CERTIFICATE") == 0) {
            keep(p, b.der, b.der_len, b.der_cap);
        } else if (st == TCH_OK) {
            tch_give(&tch_alloc_default, b.der, b.der_cap);
        }
    } while (st != TCH_NOT_FOUND);
}

void pile_add(struct pile *p, const char *name)
{
    char path[128];
    size_t len;
    size_t before = p->num;
    char *text;

    snprintf(path, sizeof path, "vectors/certs/%s.pem", name);
    text = slurp(path, &len);
    if (text == NULL) {
        give_up("cannot read", path);
    }
    pile_add_pem(p, tch_slice_of(text, len));
    free(text);
    if (p->num == before) {
        give_up("no certificate", path);
    }
}

void pile_free(struct pile *p)
{
    for (size_t i = 0; i < p->num; i++) {
        /* The pile made these bytes itself; the slice only forgot it. */
        union {
            const uint8_t *in;
            uint8_t *out;
        } der = { p->der[i].p };

        tch_give(&tch_alloc_default, der.out, p->cap[i]);
    }
    p->num = 0;
}

struct tch_anchors *anchors_of(const struct pile *p)
{
    struct tch_anchors *a;

    if (tch_anchors_new(&tch_alloc_default, &a) != TCH_OK) {
        give_up("out of memory", "anchors");
    }
    for (size_t i = 0; i < p->num; i++) {
        if (tch_anchors_add(a, p->der[i]) == TCH_NO_MEMORY) {
            give_up("out of memory", "anchors");
        }
    }
    return a;
}

int64_t read_rfc3339(const char *text)
{
    struct tm tm;
    const char *rest;

    memset(&tm, 0, sizeof tm);
    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &tm.tm_year, &tm.tm_mon,
               &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6 ||
        strlen(text) < 20) {
        give_up("no time", text);
    }
    rest = text + 19;
    if (*rest == '.') {
        rest += 1 + strspn(rest + 1, "0123456789");
    }
    if (strcmp(rest, "Z") != 0 && strcmp(rest, "+00:00") != 0) {
        give_up("not UTC", text);
    }
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    return (int64_t)timegm(&tm);
}
