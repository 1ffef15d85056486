/* The reader of support_vectors.h. */

#include "test/unit/glue/support_vectors.h"

#include <stdlib.h>
#include <string.h>

#include "test/unit/glue/support_json.h"

static _Noreturn void give_up(const char *what, const char *detail)
{
    fprintf(stderr, "vectors: %s: %s\n", what, detail);
    abort();
}

void vectors_open(struct vectors *v, const char *path)
{
    memset(v, 0, sizeof *v);
    v->file = fopen(path, "r");
    if (v->file == NULL) {
        give_up("cannot read", path);
    }
}

/* Takes one line apart into the next field. */
static void add_field(struct vectors *v, char *line)
{
    char *equals = strstr(line, " =");
    const char *value;
    size_t name_len;

    if (equals == NULL || v->num == VECTOR_FIELDS) {
        give_up("no field, or too many", line);
    }
    name_len = (size_t)(equals - line);
    if (name_len >= sizeof v->name[0]) {
        give_up("a long name", line);
    }
    memcpy(v->name[v->num], line, name_len);
    v->name[v->num][name_len] = '\0';
    value = equals + 2 + (equals[2] == ' ');
    memcpy(v->value[v->num], value, strlen(value) + 1);
    v->num++;
}

bool vectors_next(struct vectors *v)
{
    char line[VECTOR_LINE];

    v->num = 0;
    while (fgets(line, sizeof line, v->file) != NULL) {
        if (strchr(line, '\n') == NULL) {
            give_up("a long line", line);
        }
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#') {
            continue;
        }
        if (line[0] != '\0') {
            add_field(v, line);
        } else if (v->num > 0) {
            break;
        }
    }
    if (v->num > 0) {
        v->records++;
        return true;
    }
    fclose(v->file);
    v->file = NULL;
    return false;
}

const char *vectors_text(const struct vectors *v, const char *name)
{
    for (size_t i = 0; i < v->num; i++) {
        if (strcmp(v->name[i], name) == 0) {
            return v->value[i];
        }
    }
    give_up("a record lacks", name);
}

size_t vectors_hex(const struct vectors *v, const char *name, uint8_t *out,
                   size_t cap)
{
    return unhex(vectors_text(v, name), out, cap);
}
