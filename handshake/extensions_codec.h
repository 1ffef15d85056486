#ifndef TCH_HANDSHAKE_EXTENSIONS_CODEC_H
#define TCH_HANDSHAKE_EXTENSIONS_CODEC_H

/*
 * The extensions block, for the two files that read and write hellos.
 * RFC 5246, section 7.4.1.4; dossier 5.
 */

#include "handshake/messages.h"

/*
 * Whose block it is. TCH_HELLO_SSL3 is what follows the compression methods
 * of an SSL 3.0 ClientHello: renegotiation_info counts, every other type is
 * skipped unparsed, as SSL 3.0 has no extensions (R-HS-036).
 */
enum tch_hello { TCH_HELLO_CLIENT, TCH_HELLO_SERVER, TCH_HELLO_SSL3 };

/*
 * tch_read_extensions reads the block at the end of a hello, if there is one,
 * into `*out`, which it clears first. What follows the block is left to the
 * caller. Work is linear in the length of the block.
 *
 * Returns TCH_OK; TCH_DECODE_ERROR (R-EXT-003, 006, 009); or
 * TCH_ILLEGAL_PARAMETER (R-EXT-010, 018, 111).
 */
TCH_MUST_CHECK enum tch_status tch_read_extensions(struct tch_reader *r,
                                                   enum tch_hello hello,
                                                   struct tch_extensions *out);

/*
 * tch_write_extensions writes the extensions in `e->present`, in the table's
 * order, as those of a ClientHello or ServerHello; an empty set writes
 * nothing. An extension that this hello must not carry, and a value that the
 * other side could not read, make the writer fail.
 */
void tch_write_extensions(struct tch_writer *w, enum tch_hello hello,
                          const struct tch_extensions *e);

#endif
