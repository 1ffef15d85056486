#ifndef TCH_TEST_UNIT_GLUE_SUPPORT_VECTORS_H
#define TCH_TEST_UNIT_GLUE_SUPPORT_VECTORS_H

/*
 * Vector files of this tree, vectors/NAME/NAME.txt: lines `NAME = value` (the
 * value may be empty), an empty line ends a record, `#` starts a comment. The
 * first comment says where the values come from. Paths are relative to the
 * repository's root, where tests run.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define VECTOR_FIELDS 16
#define VECTOR_LINE 4096

/* vectors walks a file; the fields are those of the present record. */
struct vectors {
    FILE *file;
    size_t records;
    size_t num;
    char name[VECTOR_FIELDS][32];
    char value[VECTOR_FIELDS][VECTOR_LINE];
};

/* vectors_open starts a file; ends the program when it is not there. */
void vectors_open(struct vectors *v, const char *path);

/* vectors_next moves to the next record; at the end it closes the file and
 * returns false. */
bool vectors_next(struct vectors *v);

/* vectors_text gives a field's value; ends the program when it is missing. */
const char *vectors_text(const struct vectors *v, const char *name);

/* vectors_hex decodes a field of hex digits and gives its length in bytes. */
size_t vectors_hex(const struct vectors *v, const char *name, uint8_t *out,
                   size_t cap);

#endif
