#ifndef TCH_TEST_UNIT_GLUE_SUPPORT_JSON_H
#define TCH_TEST_UNIT_GLUE_SUPPORT_JSON_H

/*
 * A small reader of JSON files (RFC 8259) for test vectors: the whole file
 * becomes a tree of values. It is strict about structure and bounded in
 * depth. Numbers are kept as whole numbers; fractions and exponents are
 * refused, and so is \u beyond ASCII: no vector file needs them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum json_kind {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

/* json is one value. Walk an array or object by `first` and `next`. */
struct json {
    enum json_kind kind;
    const char *name;         /* within an object; else NULL */
    const char *text;         /* of a string; else NULL */
    long number;              /* of a number */
    size_t num;               /* children of an array or object */
    const struct json *first; /* child */
    const struct json *next;  /* sibling */
};

/* json_doc owns the tree; `root` is NULL when nothing was loaded. */
struct json_doc {
    const struct json *root;
    char *buffer;
    struct json *nodes;
};

/*
 * json_load reads a file. False when it cannot be read; then one line on
 * standard error says so, and a test skips. Malformed JSON ends the program:
 * it is a broken set-up, not a skip. Free with json_free.
 */
bool json_load(const char *path, struct json_doc *doc);

/* json_parse is json_load for text in memory; false when malformed. */
bool json_parse(const char *text, size_t len, struct json_doc *doc);

/* json_free gives back what a doc holds. */
void json_free(struct json_doc *doc);

/* json_get finds a member of an object, or NULL. `object` may be NULL. */
const struct json *json_get(const struct json *object, const char *name);

/* json_text gives the text of a string member, or "" when there is none. */
const char *json_text(const struct json *object, const char *name);

/* json_number gives a number member, or `otherwise`. */
long json_number(const struct json *object, const char *name, long otherwise);

/* json_hex decodes a member of hex digits into `out` and returns its length
 * in bytes (0 when absent). Ends the program if it is no hex or longer than
 * `cap`. */
size_t json_hex(const struct json *object, const char *name, uint8_t *out,
                size_t cap);

/* json_has_flag says whether the array member `flags` holds a string. */
bool json_has_flag(const struct json *test, const char *flag);

/* unhex decodes hex digits, in either case, spaces allowed between bytes, and
 * returns the length in bytes. Ends the program as json_hex does. */
size_t unhex(const char *hex, uint8_t *out, size_t cap);

#endif
