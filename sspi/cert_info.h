#ifndef TCH_SSPI_CERT_INFO_H
#define TCH_SSPI_CERT_INFO_H

/*
 * cert_info.h - a certificate in the form of wincrypt.h
 */

#include "engine/tch.h"
#include "sspi/include/wincrypt.h"

/* tch_filetime is a moment as 100 ns ticks since 1601-01-01 UTC, or in local
 * time as SSPI's TimeStamp has it (contract 1.5); `seconds` since 1970 UTC.
 * Moments before 1601 are 0. */
uint64_t tch_filetime(int64_t seconds);
uint64_t tch_filetime_local(int64_t seconds);

/* "Never" as a TimeStamp. */
#define TCH_FILETIME_NEVER 0x7FFFFFFFFFFFFFFF

/*
 * tch_cert_decode decodes a certificate of `len` bytes at `der`, which the
 * result points into and which must outlive it; everything else comes from
 * the arena. TCH_OK, TCH_CERT_BAD, TCH_NO_MEMORY.
 */
enum tch_status tch_cert_decode(uint8_t *der, size_t len,
                                struct tch_arena *arena, PCERT_INFO *out);

#endif
