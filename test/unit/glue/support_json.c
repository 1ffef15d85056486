/*
 * The JSON reader of support_json.h. Strings are decoded where they lie, the
 * nodes come from one array whose size is known from counting the characters
 * that can stand before a value. Nesting is a stack of open containers, not
 * recursion.
 */

#include "test/unit/glue/support_json.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 32

struct parser {
    char *pos;
    char *end; /* holds a zero byte */
    struct json *nodes;
    size_t used;
    struct json *open[DEPTH_MAX];
    struct json *last[DEPTH_MAX]; /* child of open[i], or NULL */
    size_t depth;
};

static void skip_space(struct parser *p)
{
    while (*p->pos == ' ' || *p->pos == '\t' || *p->pos == '\n' ||
           *p->pos == '\r') {
        p->pos++;
    }
}

static bool take(struct parser *p, char c)
{
    skip_space(p);
    if (*p->pos != c) {
        return false;
    }
    p->pos++;
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One escape at p->pos, behind its backslash; the decoded byte or -1. */
static int unescape(struct parser *p)
{
    static const char from[] = "\"\\/bfnrt";
    static const char to[] = "\"\\/\b\f\n\r\t";
    char c = *p->pos;
    const char *at = c != '\0' ? strchr(from, c) : NULL;
    int value = 0;

    if (at != NULL) {
        p->pos++;
        return to[at - from];
    }
    if (c != 'u' || p->end - p->pos < 5) {
        return -1;
    }
    for (int i = 1; i <= 4; i++) {
        int d = hex_digit(p->pos[i]);

        if (d < 0) {
            return -1;
        }
        value = value * 16 + d;
    }
    p->pos += 5;
    return value > 0 && value < 128 ? value : -1;
}

static const char *parse_string(struct parser *p)
{
    char *start;
    char *to;

    if (!take(p, '"')) {
        return NULL;
    }
    start = to = p->pos;
    while (*p->pos != '"') {
        int c = (unsigned char)*p->pos;

        if (c < 0x20) { /* the end as well */
            return NULL;
        }
        p->pos++;
        if (c == '\\') {
            c = unescape(p);
            if (c < 0) {
                return NULL;
            }
        }
        *to++ = (char)c;
    }
    p->pos++;
    *to = '\0';
    return start;
}

static bool parse_number(struct parser *p, long *out)
{
    char *end;

    *out = strtol(p->pos, &end, 10);
    if (end == p->pos || *end == '.' || *end == 'e' || *end == 'E') {
        return false;
    }
    p->pos = end;
    return true;
}

static bool parse_word(struct parser *p, struct json *v)
{
    static const struct {
        const char *word;
        enum json_kind kind;
    } words[] = { { "null", JSON_NULL },
                  { "false", JSON_FALSE },
                  { "true", JSON_TRUE } };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t n = strlen(words[i].word);

        if (strncmp(p->pos, words[i].word, n) == 0) {
            v->kind = words[i].kind;
            p->pos += n;
            return true;
        }
    }
    return false;
}

/* Hangs `v` into the innermost open container. */
static void attach(struct parser *p, struct json *v)
{
    struct json *parent = p->open[p->depth - 1];

    if (p->last[p->depth - 1] == NULL) {
        parent->first = v;
    } else {
        p->last[p->depth - 1]->next = v;
    }
    p->last[p->depth - 1] = v;
    parent->num++;
}

/* Reads a scalar, or the opening bracket of a container. */
static bool parse_value(struct parser *p)
{
    struct json *v = &p->nodes[p->used++];

    if (p->depth > 0) {
        if (p->open[p->depth - 1]->kind == JSON_OBJECT) {
            v->name = parse_string(p);
            if (v->name == NULL || !take(p, ':')) {
                return false;
            }
        }
        attach(p, v);
    }
    skip_space(p);
    if (*p->pos == '"') {
        v->kind = JSON_STRING;
        v->text = parse_string(p);
        return v->text != NULL;
    }
    if (*p->pos == '{' || *p->pos == '[') {
        v->kind = *p->pos++ == '{' ? JSON_OBJECT : JSON_ARRAY;
        if (p->depth == DEPTH_MAX) {
            return false;
        }
        p->open[p->depth] = v;
        p->last[p->depth++] = NULL;
        return true;
    }
    if (*p->pos == '-' || isdigit((unsigned char)*p->pos)) {
        v->kind = JSON_NUMBER;
        return parse_number(p, &v->number);
    }
    return parse_word(p, v);
}

static bool closes(struct parser *p)
{
    return take(p, p->open[p->depth - 1]->kind == JSON_OBJECT ? '}' : ']');
}

static bool parse_all(struct parser *p)
{
    if (!parse_value(p)) {
        return false;
    }
    while (p->depth > 0) {
        bool empty = p->last[p->depth - 1] == NULL;

        if (closes(p)) {
            p->depth--;
            continue;
        }
        if ((!empty && !take(p, ',')) || !parse_value(p)) {
            return false;
        }
    }
    skip_space(p);
    return p->pos == p->end;
}

/* Takes over `buffer`, which has a zero byte behind its `len` bytes. */
static bool parse_buffer(char *buffer, size_t len, struct json_doc *doc)
{
    size_t bound = 2;
    struct parser p = { .pos = buffer, .end = buffer + len };

    for (size_t i = 0; i < len; i++) {
        bound += buffer[i] == '[' || buffer[i] == '{' || buffer[i] == ',';
    }
    p.nodes = calloc(bound, sizeof *p.nodes);
    doc->buffer = buffer;
    doc->nodes = p.nodes;
    doc->root = p.nodes;
    if (p.nodes == NULL || !parse_all(&p)) {
        json_free(doc);
        return false;
    }
    return true;
}

static _Noreturn void give_up(const char *what, const char *detail)
{
    fprintf(stderr, "test data: %s: %s\n", what, detail);
    abort();
}

bool json_parse(const char *text, size_t len, struct json_doc *doc)
{
    char *buffer = malloc(len + 1);

    memset(doc, 0, sizeof *doc);
    if (buffer == NULL) {
        return false;
    }
    if (len > 0) {
        memcpy(buffer, text, len);
    }
    buffer[len] = '\0';
    return parse_buffer(buffer, len, doc);
}

static char *read_file(FILE *f, size_t *len)
{
    char *buffer;
    long size;

    if (fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < 0 ||
        fseek(f, 0, SEEK_SET) != 0) {
        return NULL;
    }
    *len = (size_t)size;
    buffer = malloc(*len + 1);
    if (buffer == NULL || fread(buffer, 1, *len, f) != *len) {
        free(buffer);
        return NULL;
    }
    buffer[*len] = '\0';
    return buffer;
}

bool json_load(const char *path, struct json_doc *doc)
{
    FILE *f = fopen(path, "rb");
    size_t len = 0;
    char *buffer;

    memset(doc, 0, sizeof *doc);
    if (f == NULL) {
        fprintf(stderr, "%s is absent\n", path);
        return false;
    }
    buffer = read_file(f, &len);
    fclose(f);
    if (buffer == NULL) {
        give_up("cannot read", path);
    }
    if (!parse_buffer(buffer, len, doc)) {
        give_up("no JSON", path);
    }
    return true;
}

void json_free(struct json_doc *doc)
{
    free(doc->buffer);
    free(doc->nodes);
    memset(doc, 0, sizeof *doc);
}

const struct json *json_get(const struct json *object, const char *name)
{
    const struct json *v = object != NULL ? object->first : NULL;

    while (v != NULL && (v->name == NULL || strcmp(v->name, name) != 0)) {
        v = v->next;
    }
    return v;
}

const char *json_text(const struct json *object, const char *name)
{
    const struct json *v = json_get(object, name);

    return v != NULL && v->text != NULL ? v->text : "";
}

long json_number(const struct json *object, const char *name, long otherwise)
{
    const struct json *v = json_get(object, name);

    return v != NULL && v->kind == JSON_NUMBER ? v->number : otherwise;
}

size_t json_hex(const struct json *object, const char *name, uint8_t *out,
                size_t cap)
{
    return unhex(json_text(object, name), out, cap);
}

bool json_has_flag(const struct json *test, const char *flag)
{
    const struct json *flags = json_get(test, "flags");
    const struct json *v = flags != NULL ? flags->first : NULL;

    while (v != NULL && (v->text == NULL || strcmp(v->text, flag) != 0)) {
        v = v->next;
    }
    return v != NULL;
}

size_t unhex(const char *hex, uint8_t *out, size_t cap)
{
    size_t n = 0;

    while (*hex != '\0') {
        int high = hex_digit(hex[0]);
        int low = high < 0 ? -1 : hex_digit(hex[1]);

        if (*hex == ' ') {
            hex++;
            continue;
        }
        if (low < 0 || n == cap) {
            give_up("no hex, or too long", hex);
        }
        out[n++] = (uint8_t)(high << 4 | low);
        hex += 2;
    }
    return n;
}
