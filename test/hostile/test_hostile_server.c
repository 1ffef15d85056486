/*
 * Rogue clients: the engine is the server. One row per deviation; see
 * test/support/rogue.h for the words. Expected statuses and alerts come from
 * the dossier rule that the row names and from contract 10.2.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "test/support/rogue.h"

#define SRV TCH_SERVER
#define NONE ROGUE_NO_ALERT
#define ROWS(a) (a), sizeof(a) / sizeof((a)[0])

#define AUTH "e.auth=require e.anchor ch . "
#define OPEN "ch . cke ccs fin . "
#define RSA "e.suites:009c suite=009c ch . "
#define DHE "e.suites:009e suite=009e "
#define P256 "ext*000a:00020017 ch . "
#define Z31 "00000000000000000000000000000000000000000000000000000000000000"
#define Z32 "00" Z31
#define F30 "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
#define F32 "ffff" F30

/* clang-format off */
static const struct rogue_case good[] = {
    { "a client that behaves",              SRV, "ch . cke ccs fin .", "OK", NONE },
    { "RSA key transport",                  SRV, RSA "cke ccs fin .", "OK", NONE },
    { "DHE",                                SRV, DHE "ch . cke ccs fin .", "OK", NONE },
    { "CBC, encrypt-then-MAC",              SRV, "e.suites:c027 suite=c027 ch . cke ccs fin .", "OK", NONE },
    { "CBC, MAC-then-encrypt",              SRV, "e.suites:c027 suite=c027 ext-0016 ch . cke ccs fin .", "OK", NONE },
    { "SHA-384",                            SRV, "suite=c030 ch . cke ccs fin .", "OK", NONE },
    { "client certificate",                 SRV, AUTH "cert cke cv ccs fin .", "OK", NONE },
    { "client certificate, ECDSA",          SRV, AUTH "id=client-ec256 cert cke cv ccs fin .", "OK", NONE },
    { "client certificate declined",        SRV, "e.auth=request ch . certs cke ccs fin .", "OK", NONE },
    { "R-HS-050 resumption",                SRV, OPEN "reconnect resume ch . ccs fin .", "OK", NONE },
    { "renegotiation",                      SRV, OPEN "ch . cke ccs fin .", "OK", NONE },
    { "R-HS-132 renegotiation that resumes", SRV, OPEN "resume ch . ccs fin .", "OK", NONE },
    { "R-REC-020 all in one record",        SRV, AUTH "join cert cke cv ccs fin .", "OK", NONE },
    { "R-REC-021 1 byte per record",        SRV, "frag=1 ch . cke ccs fin .", "OK", NONE },
};

static const struct rogue_case versions[] = {
    { "R-HS-021 client_version 0304",       SRV, "version=0304 ch . cke ccs fin .", "OK", NONE },
    { "R-HS-021 client_version 0399",       SRV, "version=0399 ch . cke ccs fin .", "OK", NONE },
    { "R-HS-021 client_version 0401",       SRV, "version=0401 ch . cke ccs fin .", "OK", NONE },
    { "R-HS-021 client_version ffff",       SRV, "version=ffff ch . cke ccs fin .", "OK", NONE },
    { "R-KX-020 RSA, client_version 0399",  SRV, "e.suites:009c suite=009c version=0399 ch . cke ccs fin .", "OK", NONE },
    { "R-HS-022 client_version 0302",       SRV, "version=0302 ch .", "NO_COMMON_VERSION", 70 },
    { "R-HS-022 client_version 0301",       SRV, "version=0301 ch .", "NO_COMMON_VERSION", 70 },
    { "R-ATK-004 client_version 0300",      SRV, "version=0300 ch .", "NO_COMMON_VERSION", 40 },
    { "R-HS-022 client_version 0002",       SRV, "version=0002 ch .", "NO_COMMON_VERSION", 70 },
    { "R-EXT-112 SCSV, no fallback",        SRV, "suites:c02f5600 ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-112 SCSV, version unknown",    SRV, "version=0302 suites:c02f5600 ch .", "NO_COMMON_VERSION", 70 },
    { "R-REC-005 first record 0300",        SRV, "recver=0300 ch . recver=0303 cke ccs fin .", "OK", NONE },
    { "R-REC-005 first record 03ff",        SRV, "recver=03ff ch . recver=0303 cke ccs fin .", "OK", NONE },
    { "R-REC-010 first record 0200",        SRV, "recver=0200 ch .", "NOT_TLS", 70 },
    { "R-REC-010 first record 0403",        SRV, "recver=0403 ch .", "NOT_TLS", 70 },
    { "R-REC-008 later record 0302",        SRV, "ch . recver=0302 cke .", "WRONG_RECORD_VERSION", 70 },
    { "R-REC-008 later record 0304",        SRV, "ch . recver=0304 cke .", "WRONG_RECORD_VERSION", 70 },
    { "R-REC-008 before the answer is seen", SRV, "ch hs:10 .", "WRONG_RECORD_VERSION", 70 },
    { "R-REC-008 in a renegotiation",       SRV, OPEN "recver=0302 ch .", "WRONG_RECORD_VERSION", 70 },
    { "R-HS-024 supported_versions",        SRV, "ext+002b:0403040303 ch . cke ccs fin .", "OK", NONE },
    { "R-HS-024 supported_versions of 1.3", SRV, "ext+002b:020304 ch . cke ccs fin .", "OK", NONE },
    { "R-HS-076 renegotiation with 0302",   SRV, OPEN "version=0302 ch .", "NO_COMMON_VERSION", 70 },
    { "R-HS-076 renegotiation with 0304",   SRV, OPEN "version=0304 ch . cke ccs fin .", "OK", NONE },
};

static const struct rogue_case records[] = {
    { "R-REC-009 plain text",               SRV, "wire:474554202f20485454502f312e310d0a .", "NOT_TLS", NONE },
    { "R-REC-009 unknown type",             SRV, "wire:18030100020100 .", "NOT_TLS", 10 },
    { "R-ATK-024 heartbeat record",         SRV, "ch . rec:180100 .", "NOT_TLS", 10 },
    { "R-REC-011 type 25",                  SRV, "ch . rec:1900 .", "NOT_TLS", 10 },
    { "R-ATK-024 heartbeat record, open",   SRV, OPEN "rec:180100 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-002 16385 bytes",              SRV, "wire:1603014001 .", "RECORD_OVERFLOW", 22 },
    { "R-REC-002 18433 bytes, protected",   SRV, OPEN "wire:1703034801 .", "RECORD_OVERFLOW", 22 },
    { "R-REC-014 empty handshake record",   SRV, "rec:16 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-014 empty handshake, later",   SRV, "ch . cke ccs rec:16 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-014 empty handshake, open",    SRV, OPEN "rec:16 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-014 empty alert",              SRV, "ch . rec:15 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-014 empty alert, open",        SRV, OPEN "rec:15 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-014 empty ccs",                SRV, "ch . cke rec:14 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-024 ccs of 2 bytes",           SRV, "ch . cke rec:140101 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-024 ccs of value 2",           SRV, "ch . cke rec:1402 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-024 ccs of value 0",           SRV, "ch . cke rec:1400 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-025 alert of 1 byte",          SRV, "ch . rec:1501 .", "DECODE_ERROR", 50 },
    { "R-REC-025 alert of 3 bytes",         SRV, "ch . rec:15015a00 .", "DECODE_ERROR", 50 },
    { "R-REC-025 two alerts",               SRV, "ch . rec:15015a015a .", "DECODE_ERROR", 50 },
    { "R-REC-025 alert of 1 byte, open",    SRV, OPEN "rec:1501 .", "DECODE_ERROR", 50 },
    { "R-REC-012 data at once",             SRV, "rec:1761 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-015 empty data",               SRV, OPEN "empty .", "OK", NONE },
    { "R-REC-016 32 empty records",         SRV, OPEN "empty=32 .", "OK", NONE },
    { "R-REC-016 33 empty records",         SRV, OPEN "empty=33 .", "TOO_MANY_EMPTY_RECORDS", 10 },
    { "R-REC-016 data between",             SRV, OPEN "empty=32 data empty=32 .", "OK", NONE },
    { "R-REC-016 a warning between",        SRV, OPEN "empty=32 warn=90 empty .", "TOO_MANY_EMPTY_RECORDS", 10 },
    { "R-REC-013 junk as a record",         SRV, "ch . cke ccs wire:1603030020" Z32 " .", "BAD_RECORD_MAC", 20 },
    { "R-REC-013 junk as data",             SRV, OPEN "wire:1703030020" Z32 " .", "BAD_RECORD_MAC", 20 },
    { "R-REC-080 too short a record",       SRV, OPEN "wire:170303000500000000aa .", "BAD_RECORD_MAC", 20 },
    { "R-REC-080 empty protected record",   SRV, OPEN "wire:1703030000 .", "BAD_RECORD_MAC", 20 },
    { "R-HS-083 Finished under old keys",   SRV, "ch . cke ccs! fin .", "BAD_RECORD_MAC", 20 },
    { "R-REC-028 data inside a message",    SRV, OPEN "ch . hs:1000 data .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-028 data inside a ClientHello", SRV, OPEN "hs:0100 data .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-026 data in a renegotiation",  SRV, OPEN "ch . data cke ccs fin .", "OK", NONE },
    { "R-REC-026 empty data there",         SRV, OPEN "ch . empty cke ccs fin .", "OK", NONE },
    { "R-REC-027 data behind ccs",          SRV, OPEN "ch . cke ccs data .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-027 empty data behind ccs",    SRV, OPEN "ch . cke ccs empty .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-023 bytes behind ClientHello", SRV, "join ch hs:10000000 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-023 bytes behind Finished",    SRV, "ch . cke ccs join fin hs:14000000 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-022 half a message, then ccs", SRV, "ch . cke half ccs .", "UNEXPECTED_MESSAGE", 10 },
    { "R-ATK-048 half a Finished, ccs, rest", SRV, "ch . cke half ccs rest .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-029 ClientHello, limit",       SRV, "hs:01020144 .", "WAITS", NONE },
    { "R-REC-029 ClientHello, above",       SRV, "hs:01020145 .", "MESSAGE_TOO_LARGE", 47 },
    { "R-ATK-026 length ffffff",            SRV, "hs:01ffffff .", "MESSAGE_TOO_LARGE", 47 },
    { "R-REC-029 ClientKeyExchange, limit", SRV, "ch . hs:10010000 .", "WAITS", NONE },
    { "R-REC-029 ClientKeyExchange, above", SRV, "ch . hs:10010001 .", "MESSAGE_TOO_LARGE", 47 },
    { "R-REC-029 Certificate, limit",       SRV, AUTH "hs:0b019000 .", "WAITS", NONE },
    { "R-REC-029 Certificate, above",       SRV, AUTH "hs:0b019001 .", "MESSAGE_TOO_LARGE", 47 },
    { "R-REC-029 CertificateVerify, above", SRV, AUTH "cert cke hs:0f010001 .", "MESSAGE_TOO_LARGE", 47 },
    { "R-REC-029 above, in a renegotiation", SRV, OPEN "hs:01020145 .", "MESSAGE_TOO_LARGE", 47 },
    { "R-REC-029 131396 zero bytes",        SRV, "zero=1,131396 .", "DECODE_ERROR", 50 },
};

static const struct rogue_case alerts[] = {
    { "R-ALR-001 a fatal alert",            SRV, "ch . fatal=80 .", "PEER_ALERT", NONE },
    { "R-ALR-001 a fatal alert at once",    SRV, "fatal=40 .", "PEER_ALERT", NONE },
    { "R-ALR-001 a fatal alert, open",      SRV, OPEN "fatal=10 .", "PEER_ALERT", NONE },
    { "R-ALR-002 fatal, unknown",           SRV, "ch . fatal=222 .", "PEER_ALERT", NONE },
    { "R-ALR-002 fatal close_notify",       SRV, "ch . fatal=0 .", "PEER_ALERT", NONE },
    { "R-ALR-002 level 3",                  SRV, "ch . rec:15030a .", "ILLEGAL_PARAMETER", 47 },
    { "R-ALR-002 level 0",                  SRV, OPEN "rec:15000a .", "ILLEGAL_PARAMETER", 47 },
    { "R-ALR-003 unexpected_message, warning", SRV, "ch . warn=10 cke ccs fin .", "OK", NONE },
    { "R-ALR-002 unknown, warning",         SRV, "ch . warn=222 cke ccs fin .", "OK", NONE },
    { "R-ALR-003 warning under keys",       SRV, "ch . cke ccs warn=90 fin .", "OK", NONE },
    { "R-ALR-017 no_certificate, warning",  SRV, "e.auth=request ch . warn=41 certs cke ccs fin .", "OK", NONE },
    { "R-ALR-017 no_certificate is none",   SRV, "e.auth=request ch . warn=41 cke .", "UNEXPECTED_MESSAGE", 10 },
    { "R-ALR-012 4 warnings",               SRV, "ch . warn=90 warn=90 warn=90 warn=90 cke ccs fin .", "OK", NONE },
    { "R-ALR-012 5 warnings",               SRV, "ch . warn=90 warn=90 warn=90 warn=90 warn=90 .", "TOO_MANY_WARNINGS", 10 },
    { "R-ALR-012 4 and 4",                  SRV, "ch . warn=90 warn=90 warn=90 warn=90 cke warn=90 warn=90 warn=90 warn=90 ccs fin .", "OK", NONE },
    { "R-ALR-012 ccs does not count",       SRV, "ch . cke warn=90 warn=90 warn=90 warn=90 ccs warn=90 .", "TOO_MANY_WARNINGS", 10 },
    { "R-ALR-012 4 warnings, open",         SRV, OPEN "warn=90 warn=90 warn=90 warn=90 .", "OK", NONE },
    { "R-ALR-012 5 warnings, open",         SRV, OPEN "warn=90 warn=90 warn=90 warn=90 warn=90 .", "TOO_MANY_WARNINGS", 10 },
    { "R-ALR-012 empty data between",       SRV, OPEN "warn=90 warn=90 warn=90 warn=90 empty warn=90 .", "TOO_MANY_WARNINGS", 10 },
    { "R-ALR-012 data between",             SRV, OPEN "warn=90 warn=90 warn=90 warn=90 data warn=90 warn=90 .", "OK", NONE },
    { "R-ALR-013 no_renegotiation unasked", SRV, OPEN "warn=100 .", "OK", NONE },
    { "close_notify in the handshake",      SRV, "ch . close .", "CLOSED_EARLY", NONE },
    { "close_notify behind ccs",            SRV, "ch . cke ccs close .", "CLOSED_EARLY", NONE },
    { "close_notify in a renegotiation",    SRV, OPEN "ch . close .", "CLOSED_EARLY", NONE },
    { "R-ALR-008 close_notify",             SRV, OPEN "close .", "CLOSED", NONE },
    { "R-ALR-009 data behind it",           SRV, OPEN "close data .", "CLOSED", NONE },
    { "R-ALR-015 user_canceled, close",     SRV, OPEN "warn=90 close .", "CLOSED", NONE },
};

static const struct rogue_case hellos[] = {
    { "R-HS-028 session_id of 33 bytes",    SRV, "put=34,21 ch .", "DECODE_ERROR", 50 },
    { "R-HS-028 session_id of 255 bytes",   SRV, "put=34,ff ch .", "DECODE_ERROR", 50 },
    { "R-HS-060 unknown session_id",        SRV, "sid:" Z32 " ch . cke ccs fin .", "OK", NONE },
    { "R-HS-060 session_id of 1 byte",      SRV, "sid:07 ch . cke ccs fin .", "OK", NONE },
    { "R-HS-029 suites of length 0",        SRV, "put=35,0000 ch .", "DECODE_ERROR", 50 },
    { "R-HS-029 suites of length 1",        SRV, "put=35,0001 ch .", "DECODE_ERROR", 50 },
    { "R-HS-029 suites too long",           SRV, "put=35,ffff ch .", "DECODE_ERROR", 50 },
    { "R-HS-039 GREASE and TLS 1.3 suites", SRV, "suites:0a0a13011302fafac02f ch . cke ccs fin .", "OK", NONE },
    { "R-HS-030 NULL suites alone",         SRV, "suites:000000010002 ch .", "NO_COMMON_PARAMETERS", 40 },
    { "R-ATK-008 RC4 alone",                SRV, "suites:00050004c011 ch .", "NO_COMMON_PARAMETERS", 40 },
    { "R-ATK-010 export alone",             SRV, "suites:0003000600080014 ch .", "NO_COMMON_PARAMETERS", 40 },
    { "R-HS-030 anonymous alone",           SRV, "suites:00180034006c006dc018 ch .", "NO_COMMON_PARAMETERS", 40 },
    { "R-HS-030 SCSVs alone",               SRV, "suites:00ff ch .", "NO_COMMON_PARAMETERS", 40 },
    { "R-HS-030 RSA transport by default",  SRV, "suites:009c ch .", "NO_COMMON_PARAMETERS", 40 },
    { "R-HS-033 ECDSA suites, RSA key",     SRV, "suites:c02b ch .", "NO_COMMON_PARAMETERS", 40 },
    { "R-HS-033 ECDSA first, RSA key",      SRV, "suites:c02bc02f ch . cke ccs fin .", "OK", NONE },
    { "R-ATK-007 compression without 0",    SRV, "comp:01 ch .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-007 compression 1 1",          SRV, "comp:0101 ch .", "ILLEGAL_PARAMETER", 47 },
    { "R-HS-031 compression 1 0",           SRV, "comp:0100 ch . cke ccs fin .", "OK", NONE },
    { "R-HS-031 no compression method",     SRV, "put=39,00 ch .", "DECODE_ERROR", 50 },
    { "R-HS-002 one byte more",             SRV, "grow:00 ch .", "DECODE_ERROR", 50 },
    { "R-HS-002 one byte less",             SRV, "cut=1 ch .", "DECODE_ERROR", 50 },
    { "R-HS-002 empty ClientHello",         SRV, "hs:01000000 .", "DECODE_ERROR", 50 },
    { "R-HS-005 ServerHello",               SRV, "retype=2 ch .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-073 HelloRequest",              SRV, "hreq .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-073 HelloRequest, open",        SRV, OPEN "hreq .", "UNEXPECTED_MESSAGE", 10 },
    { "R-ATK-030 another random",           SRV, "lie flip=10 ch . cke ccs fin .", "BAD_RECORD_MAC", 20 },
    { "R-ATK-030 another suite",            SRV, "suites:c02fc030 lie flip=40 ch . cke ccs fin .", "BAD_RECORD_MAC", 20 },
};

static const struct rogue_case extensions[] = {
    { "R-EXT-003 the same twice",           SRV, "ext+0017: ch .", "DECODE_ERROR", 50 },
    { "R-EXT-003 groups twice",             SRV, "ext+000a:00020017 ch .", "DECODE_ERROR", 50 },
    { "R-EXT-003 an unknown one twice",     SRV, "ext+abcd: ext+abcd: ch .", "DECODE_ERROR", 50 },
    { "R-EXT-003 renegotiation_info twice", SRV, "ext+ff01:00 ch .", "DECODE_ERROR", 50 },
    { "R-EXT-004 an unknown one",           SRV, "ext+abcd:00ff00 ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-004 GREASE",                   SRV, "ext+0a0a: ext+fafa:00 ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-116 heartbeat, NPN, tickets",  SRV, "ext+000f:01 ext+3374: ext+0023: ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-116 a ticket nobody made",     SRV, "ext+0023:" Z32 " ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-005 another order",            SRV, "ext-0017 ext+0017: ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-007 an empty block",           SRV, "e.suites:009c suite=009c noext ch . cke ccs fin .", "OK", NONE },
    { "R-HS-035 no block",                  SRV, "e.suites:009c suite=009c noblock ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-064 no signature_algorithms",  SRV, "ext-000d ch .", "NO_COMMON_PARAMETERS", 40 },
    { "R-EXT-062 none",                     SRV, "ext*000d:0000 ch .", "DECODE_ERROR", 50 },
    { "R-EXT-062 empty extension",          SRV, "ext*000d: ch .", "DECODE_ERROR", 50 },
    { "R-EXT-062 an odd length",            SRV, "ext*000d:0003080404 ch .", "DECODE_ERROR", 50 },
    { "R-EXT-062 unknown ones too",         SRV, "ext*000d:00060a0a00000804 ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-063 ECDSA alone, RSA key",     SRV, "ext*000d:00020403 ch .", "NO_COMMON_PARAMETERS", 40 },
    { "R-ATK-022 MD5 alone",                SRV, "ext*000d:00020101 ch .", "NO_COMMON_PARAMETERS", 40 },
    { "R-KX-008 SHA-1 alone",               SRV, "ext*000d:00020201 ch .", "NO_COMMON_PARAMETERS", 40 },
    { "R-EXT-063 RSA transport needs none", SRV, "e.suites:009c suite=009c ext*000d:00020403 ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-110 EMS with data",            SRV, "ext*0017:00 ch .", "DECODE_ERROR", 50 },
    { "R-EXT-110 EtM with data",            SRV, "ext*0016:00 ch .", "DECODE_ERROR", 50 },
    { "R-EXT-042 formats without 0",        SRV, "ext*000b:0101 ch .", "ILLEGAL_PARAMETER", 47 },
    { "R-EXT-041 0 among others",           SRV, "ext*000b:03020100 ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-048 no formats",               SRV, "ext*000b:00 ch .", "DECODE_ERROR", 50 },
    { "R-EXT-043 no such extension",        SRV, "ext-000b ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-048 no groups",                SRV, "ext*000a:0000 ch .", "DECODE_ERROR", 50 },
    { "R-EXT-048 groups of odd length",     SRV, "ext*000a:00030017ff ch .", "DECODE_ERROR", 50 },
    { "R-EXT-044 no group of ours",         SRV, "ext*000a:0004001e0a0a ch .", "NO_COMMON_PARAMETERS", 40 },
    { "R-EXT-045 says nothing of groups",   SRV, "ext-000a ch . cke ccs fin .", "OK", NONE },
    { "R-KX-044 unknown FFDHE group alone", SRV, DHE "ext*000a:0002010f ch .", "INSUFFICIENT_SECURITY", 71 },
    { "R-KX-045 no FFDHE group",            SRV, DHE "ext*000a:0002001d ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-012 a name",                   SRV, "ext+0000:000400000161 ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-010 two names",                SRV, "ext+0000:00080000016100000162 ch .", "ILLEGAL_PARAMETER", 47 },
    { "R-EXT-010 no list",                  SRV, "ext+0000: ch .", "DECODE_ERROR", 50 },
    { "R-EXT-010 an empty list",            SRV, "ext+0000:0000 ch .", "DECODE_ERROR", 50 },
    { "R-EXT-010 an empty name",            SRV, "ext+0000:0003000000 ch .", "DECODE_ERROR", 50 },
    { "R-EXT-016 unknown name_type",        SRV, "ext+0000:00080100016200000161 ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-018 NUL in the name",          SRV, "ext+0000:00050000026100 ch .", "ILLEGAL_PARAMETER", 47 },
    { "R-EXT-018 space in the name",        SRV, "ext+0000:00050000026120 ch .", "ILLEGAL_PARAMETER", 47 },
    { "R-EXT-018 byte above 7F",            SRV, "ext+0000:000500000261e4 ch .", "ILLEGAL_PARAMETER", 47 },
    { "R-EXT-019 checked when resuming",    SRV, OPEN "reconnect resume ext+0000:00050000026100 ch .", "ILLEGAL_PARAMETER", 47 },
    { "R-EXT-090 ALPN agreed",              SRV, "e.alpn:026832 ext+0010:0003026832 ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-090 no overlap",               SRV, "e.alpn:026832 ext+0010:0003026833 ch .", "NO_APPLICATION_PROTOCOL", 120 },
    { "R-EXT-091 case counts",              SRV, "e.alpn:026832 ext+0010:0003024832 ch .", "NO_APPLICATION_PROTOCOL", 120 },
    { "R-EXT-091 an empty name",            SRV, "e.alpn:026832 ext+0010:000402683200 ch .", "DECODE_ERROR", 50 },
    { "R-EXT-093 nothing configured",       SRV, "ext+0010:0003026833 ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-093 an empty list even then",  SRV, "ext+0010:0000 ch .", "DECODE_ERROR", 50 },
    { "R-EXT-093 empty even then",          SRV, "ext+0010: ch .", "DECODE_ERROR", 50 },
    { "R-EXT-092 no overlap when resuming", SRV, "e.alpn:026832 " OPEN "reconnect resume ext+0010:0003026833 ch .", "NO_APPLICATION_PROTOCOL", 120 },
    { "R-EXT-111 padding",                  SRV, "ext+0015:" Z32 " ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-111 empty padding",            SRV, "ext+0015: ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-111 padding that is not zero", SRV, "ext+0015:" Z31 "01 ch .", "ILLEGAL_PARAMETER", 47 },
};

static const struct rogue_case renegotiation_info[] = {
    { "R-EXT-076 not empty at first",       SRV, "ri:0141 ch .", "HANDSHAKE_VIOLATION", 40 },
    { "R-EXT-076 not empty, SCSV too",      SRV, "suites:c02f00ff ri:0141 ch .", "HANDSHAKE_VIOLATION", 40 },
    { "R-EXT-076 SCSV and extension",       SRV, "suites:c02f00ff ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-006 no length",                SRV, "ri: ch .", "DECODE_ERROR", 50 },
    { "R-EXT-006 length too long",          SRV, "ri:0241 ch .", "DECODE_ERROR", 50 },
    { "R-EXT-077 SCSV alone is enough",     SRV, "suites:c02f00ff ext-ff01 " OPEN "defaults ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-078 SCSV in a renegotiation",  SRV, OPEN "suites:c02f00ff ch .", "HANDSHAKE_VIOLATION", 40 },
    { "R-EXT-078 SCSV alone there",         SRV, OPEN "suites:c02f00ff ext-ff01 ch .", "HANDSHAKE_VIOLATION", 40 },
    { "R-ATK-018 extension missing",        SRV, OPEN "ext-ff01 ch .", "HANDSHAKE_VIOLATION", 40 },
    { "R-ATK-018 empty",                    SRV, OPEN "ri:00 ch .", "HANDSHAKE_VIOLATION", 40 },
    { "R-ATK-018 12 zero bytes",            SRV, OPEN "ri:0c000000000000000000000000 ch .", "HANDSHAKE_VIOLATION", 40 },
    { "R-ATK-018 24 zero bytes",            SRV, OPEN "ri:18000000000000000000000000000000000000000000000000 ch .", "HANDSHAKE_VIOLATION", 40 },
    { "R-EXT-078 SCSV, with a resumption",  SRV, OPEN "resume suites:c02f00ff ch .", "HANDSHAKE_VIOLATION", 40 },
    { "R-EXT-078 missing, with a resumption", SRV, OPEN "resume ext-ff01 ch .", "HANDSHAKE_VIOLATION", 40 },
    { "R-EXT-078 wrong, with a resumption", SRV, OPEN "resume ri:0c000000000000000000000000 ch .", "HANDSHAKE_VIOLATION", 40 },
    { "R-EXT-082 the second time",          SRV, OPEN "ch . cke ccs fin . ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-080 a legacy client",          SRV, "ext-ff01 ch . cke ccs fin . ch .", "OK", 100 },
    { "R-EXT-080 a legacy client, SCSV",    SRV, "ext-ff01 ch . cke ccs fin . suites:c02f00ff ch .", "OK", 100 },
    { "R-HS-130 refused",                   SRV, "e.reneg=refuse " OPEN "ch .", "OK", 100 },
    { "R-HS-130 refused twice",             SRV, "e.reneg=refuse " OPEN "ch . ch .", "OK", 100 },
    { "R-HS-130 a wrong one is refused too", SRV, "e.reneg=refuse " OPEN "ext-ff01 ch .", "OK", 100 },
    { "R-KEY-052 without EMS",              SRV, OPEN "ext-0017 ch .", "HANDSHAKE_VIOLATION", 40 },
    { "R-KEY-052 gains EMS",                SRV, "ext-0017 " OPEN "defaults ch . cke ccs fin .", "OK", NONE },
    { "R-ATK-049 without EtM",              SRV, "e.suites:c027 suite=c027 " OPEN "ext-0016 ch .", "HANDSHAKE_VIOLATION", 40 },
    { "R-HS-131 without ALPN",              SRV, "e.alpn:026832 ext+0010:0003026832 " OPEN "defaults ch . cke ccs fin .", "OK", NONE },
    { "R-HS-131 another suite",             SRV, OPEN "suite=c030 ch . cke ccs fin .", "OK", NONE },
    { "R-HS-131 other groups",              SRV, OPEN "ext*000a:00020017 ch . cke ccs fin .", "OK", NONE },
    { "R-HS-001 Finished in OPEN",          SRV, OPEN "fin .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-080 ccs in OPEN",               SRV, OPEN "ccs! .", "UNEXPECTED_MESSAGE", 10 },
};

static const struct rogue_case sessions[] = {
    { "R-KEY-044 old without EMS, now with", SRV, "ext-0017 " OPEN "reconnect resume ch . cke ccs fin .", "OK", NONE },
    { "R-KEY-045 old with EMS, now without", SRV, OPEN "reconnect resume ext-0017 ch .", "HANDSHAKE_VIOLATION", 40 },
    { "R-KEY-046 neither",                  SRV, "ext-0017 " OPEN "reconnect resume ext-0017 ch . ccs fin .", "OK", NONE },
    { "R-KEY-049 no renegotiation behind it", SRV, "ext-0017 " OPEN "reconnect resume ext-0017 ch . ccs fin . ch .", "OK", 100 },
    { "R-KEY-049 nor with EMS",             SRV, "ext-0017 " OPEN "reconnect resume ext-0017 ch . ccs fin . defaults ch .", "OK", 100 },
    { "R-KEY-047 both",                     SRV, OPEN "reconnect resume ch . ccs fin .", "OK", NONE },
    { "R-KEY-051 EMS required",             SRV, "e.ems=require ext-0017 ch .", "HANDSHAKE_VIOLATION", 40 },
    { "R-KEY-051 required and there",       SRV, "e.ems=require " OPEN, "OK", NONE },
    { "R-HS-053 suite not listed any more", SRV, OPEN "reconnect resume suite=c030 ch . cke ccs fin .", "OK", NONE },
    { "R-HS-053 suite listed among others", SRV, OPEN "reconnect resume suites:c030c02f ch . ccs fin .", "OK", NONE },
    { "R-ATK-038 another server_name",      SRV, OPEN "reconnect resume ext+0000:000400000161 ch . cke ccs fin .", "OK", NONE },
    { "R-ATK-038 no server_name any more",  SRV, "ext+0000:000400000161 " OPEN "reconnect resume ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-016 the name in capitals",     SRV, "ext+0000:000400000161 " OPEN "reconnect resume ext+0000:000400000141 ch . ccs fin .", "OK", NONE },
    { "R-ALR-004 a fatal alert came",       SRV, OPEN "fatal=80 . reconnect resume ch . cke ccs fin .", "OK", NONE },
    { "R-HS-060 session_id cut",            SRV, OPEN "reconnect sid:ab ch . cke ccs fin .", "OK", NONE },
    { "R-REC-076 EtM session, now without", SRV, "e.suites:c027 suite=c027 " OPEN "reconnect resume suite=c027 ext-0016 ch . cke ccs fin .", "OK", NONE },
    { "R-EXT-047 resuming without groups",  SRV, OPEN "reconnect resume ext-000a ext-000b ext-000d ch . ccs fin .", "OK", NONE },
    { "R-HS-006 wrong Finished, resumed",   SRV, OPEN "reconnect resume ch . ccs flip=0 fin .", "BAD_FINISHED", 51 },
    { "R-ALR-004 and then not resumed",     SRV, OPEN "reconnect resume ch . ccs flip=0 fin . reconnect resume ch . cke ccs fin .", "OK", NONE },
};

#define PMS(kind) SRV, RSA "pms=" kind " cke . ccs fin .", "BAD_RECORD_MAC", 20
static const struct rogue_case key_exchange[] = {
    { "R-ATK-001 block type 1",             PMS("type1") },
    { "R-ATK-001 first byte 1",             PMS("lead1") },
    { "R-ATK-001 no zero byte",             PMS("nozero") },
    { "R-ATK-001 zero at 2",                PMS("zero2") },
    { "R-ATK-001 zero at 9",                PMS("zero9") },
    { "R-ATK-001 zero in the middle",       PMS("zeromid") },
    { "R-ATK-001 wrong version",            PMS("version") },
    { "R-ATK-001 empty content",            PMS("len0") },
    { "R-ATK-001 47 bytes",                 PMS("len47") },
    { "R-ATK-001 49 bytes",                 PMS("len49") },
    { "R-KX-026 ciphertext short",          PMS("short") },
    { "R-KX-026 ciphertext long",           PMS("long") },
    { "R-ATK-001 ciphertext above n",       PMS("n") },
    { "R-ATK-001 garbage",                  PMS("garbage") },
    { "R-ATK-001 ciphertext zero",          PMS("zeros") },
    { "R-KX-021 no length",                 SRV, RSA "put=0,0000 cke .", "DECODE_ERROR", 50 },
    { "R-KX-021 wrong length",              SRV, RSA "put=0,0101 cke .", "DECODE_ERROR", 50 },
    { "R-HS-002 cut",                       SRV, RSA "cut=1 cke .", "DECODE_ERROR", 50 },
    { "R-HS-002 grown",                     SRV, RSA "grow:00 cke .", "DECODE_ERROR", 50 },
    { "R-KX-065 no point",                  SRV, "ch . point: cke .", "DECODE_ERROR", 50 },
    { "R-KX-065 31 bytes",                  SRV, "ch . point:" Z31 " cke .", "ILLEGAL_PARAMETER", 47 },
    { "R-KX-065 33 bytes",                  SRV, "ch . point:" Z32 "01 cke .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-016 u = 0",                    SRV, "ch . point:" Z32 " cke .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-016 u = 1",                    SRV, "ch . point:01" Z31 " cke .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-016 u = p - 1",                SRV, "ch . point:ec" F30 "7f cke .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-016 u = p",                    SRV, "ch . point:ed" F30 "7f cke .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-016 u = p + 1",                SRV, "ch . point:ee" F30 "7f cke .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-016 u of order 8",             SRV, "ch . point:e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800 cke .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-016 the other of order 8",     SRV, "ch . point:5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157 cke .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-016 u = 0, top bit set",       SRV, "ch . point:" Z31 "80 cke .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-015 not on the curve",         SRV, P256 "point:04" Z32 Z32 " cke .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-015 coordinates above p",      SRV, P256 "point:04" F32 F32 " cke .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-015 infinity",                 SRV, P256 "point:00 cke .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-015 compressed",               SRV, P256 "point:02" Z32 " cke .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-015 compressed generator",     SRV, P256 "point:036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296 cke .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-015 one byte short",           SRV, P256 "point:04" Z32 Z31 " cke .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-015 no point",                 SRV, P256 "point: cke .", "DECODE_ERROR", 50 },
    { "R-ATK-013 Y = 0",                    SRV, DHE "ch . dhy=0 cke .", "HANDSHAKE_VIOLATION", 40 },
    { "R-ATK-013 Y = 1",                    SRV, DHE "ch . dhy=1 cke .", "HANDSHAKE_VIOLATION", 40 },
    { "R-ATK-013 Y = p - 1",                SRV, DHE "ch . dhy=p-1 cke .", "HANDSHAKE_VIOLATION", 40 },
    { "R-ATK-013 Y = p",                    SRV, DHE "ch . dhy=p cke .", "HANDSHAKE_VIOLATION", 40 },
    { "R-ATK-013 Y = p + 1",                SRV, DHE "ch . dhy=p+1 cke .", "HANDSHAKE_VIOLATION", 40 },
    { "R-GEN-005 Y = 1, no group named",    SRV, DHE "ext*000a:0002001d ch . dhy=1 cke .", "ILLEGAL_PARAMETER", 47 },
    { "R-KX-040 no Y",                      SRV, DHE "ch . hs:100000020000 .", "DECODE_ERROR", 50 },
    { "R-KX-040 Y cut",                     SRV, DHE "ch . cut=1 cke .", "DECODE_ERROR", 50 },
    { "R-ATK-023 ECDHE body, DHE suite",    SRV, DHE "ch . hs:10000021" "20" Z32 " .", "DECODE_ERROR", 50 },
};

static const struct rogue_case authentication[] = {
    { "R-HS-095 empty though required",     SRV, AUTH "certs .", "NO_CLIENT_CERTIFICATE", 40 },
    { "R-HS-001 skipped though required",   SRV, AUTH "cke .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-001 sent unasked",              SRV, "ch . cert .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-101 an entry of length 0",      SRV, AUTH "hs:0b000006000003000000 .", "DECODE_ERROR", 50 },
    { "R-HS-101 lengths do not add up",     SRV, AUTH "hs:0b000003000005 .", "DECODE_ERROR", 50 },
    { "R-HS-101 bytes behind the list",     SRV, AUTH "grow:00 cert .", "DECODE_ERROR", 50 },
    { "R-HS-101 no length",                 SRV, AUTH "hs:0b000000 .", "DECODE_ERROR", 50 },
    { "R-HS-102 no certificate at all",     SRV, AUTH "hs:0b000007000004000001ff .", "CERT_BAD", 42 },
    { "no anchor",                          SRV, "e.auth=require ch . cert .", "CERT_UNTRUSTED", 48 },
    { "signature of the certificate wrong", SRV, AUTH "flip=-1 cert .", "CERT_BAD_SIGNATURE", 42 },
    { "a server's certificate",             SRV, AUTH "id=server-rsa2048 cert .", "CERT_WRONG_USAGE", 43 },
    { "R-ATK-021 CertificateVerify missing", SRV, AUTH "cert cke ccs .", "UNEXPECTED_MESSAGE", 10 },
    { "R-ATK-021 Finished instead",         SRV, AUTH "cert cke fin .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-097 without a certificate",     SRV, "e.auth=request ch . certs cke cv .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-097 nobody asked",              SRV, "ch . cke cv .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-097 before ClientKeyExchange",  SRV, AUTH "cert cv .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-097 wrong signature",           SRV, AUTH "cert cke badsig cv .", "BAD_SIGNATURE", 51 },
    { "R-HS-097 wrong signature, ECDSA",    SRV, AUTH "id=client-ec256 cert cke badsig cv .", "BAD_SIGNATURE", 51 },
    { "R-HS-097 first byte changed",        SRV, AUTH "cert cke flip=4 cv .", "BAD_SIGNATURE", 51 },
    { "R-HS-097 signature of 0 bytes",      SRV, AUTH "cert cke hs:0f00000408040000 .", "BAD_SIGNATURE", 51 },
    { "R-HS-097 signature of 1 byte",       SRV, AUTH "cert cke hs:0f0000050804000177 .", "BAD_SIGNATURE", 51 },
    { "R-HS-097 another hash named",        SRV, AUTH "cert cke scheme=0401 put=0,0501 cv .", "BAD_SIGNATURE", 51 },
    { "R-HS-097 PKCS#1 as PSS",             SRV, AUTH "cert cke scheme=0401 put=0,0804 cv .", "BAD_SIGNATURE", 51 },
    { "R-HS-097 lengths do not fill",       SRV, AUTH "cert cke cut=1 cv .", "DECODE_ERROR", 50 },
    { "R-HS-097 a byte more",               SRV, AUTH "cert cke grow:00 cv .", "DECODE_ERROR", 50 },
    { "R-HS-098 SHA-1",                     SRV, AUTH "cert cke scheme=0201 cv .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-022 MD5",                      SRV, AUTH "cert cke scheme=0101 cv .", "ILLEGAL_PARAMETER", 47 },
    { "R-HS-098 ECDSA with an RSA key",     SRV, AUTH "cert cke scheme=0403 cv .", "ILLEGAL_PARAMETER", 47 },
    { "R-HS-098 RSA with an EC key",        SRV, AUTH "id=client-ec256 cert cke scheme=0804 cv .", "ILLEGAL_PARAMETER", 47 },
    { "R-HS-098 GREASE",                    SRV, AUTH "cert cke scheme=0a0a cv .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-030 over other messages",      SRV, AUTH "cert lie flip=9 cke cv .", "BAD_SIGNATURE", 51 },
    { "R-ATK-030 the chain was changed",    SRV, "e.verify=off " AUTH "lie flip=-1 cert cke cv .", "BAD_SIGNATURE", 51 },
};

static const struct rogue_case finished[] = {
    { "R-HS-006 wrong",                     SRV, "ch . cke ccs flip=0 fin .", "BAD_FINISHED", 51 },
    { "R-HS-006 last byte wrong",           SRV, "ch . cke ccs flip=-1 fin .", "BAD_FINISHED", 51 },
    { "R-HS-006 short",                     SRV, "ch . cke ccs cut=1 fin .", "BAD_FINISHED", 51 },
    { "R-HS-006 empty",                     SRV, "ch . cke ccs cut=12 fin .", "BAD_FINISHED", 51 },
    { "R-HS-006 long",                      SRV, "ch . cke ccs grow:00 fin .", "BAD_FINISHED", 51 },
    { "R-HS-006 36 bytes",                  SRV, "ch . cke ccs grow:000000000000000000000000000000000000000000000000 fin .", "BAD_FINISHED", 51 },
    { "R-HS-007 without ccs",               SRV, "ch . cke fin .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-082 two ccs",                   SRV, "ch . cke ccs ccs! .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-006 wrong, in a renegotiation", SRV, OPEN "ch . cke ccs flip=0 fin .", "BAD_FINISHED", 51 },
    { "R-ATK-019 ccs at once",              SRV, "rec:1401 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-ATK-019 ccs behind ClientHello",   SRV, "ch . rec:1401 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-084 the dummy ccs of TLS 1.3",  SRV, "recver=0303 ch rec:1401 .", "UNEXPECTED_MESSAGE", 10 },
};
/* clang-format on */

#define TEST(name)                                                           \
    static void name##_rows(void **state)                                    \
    {                                                                        \
        (void)state;                                                         \
        assert_true(rogue_run_all(ROWS(name)));                              \
    }
TEST(good)
TEST(versions)
TEST(records)
TEST(alerts)
TEST(hellos)
TEST(extensions)
TEST(renegotiation_info)
TEST(sessions)
TEST(key_exchange)
TEST(authentication)
TEST(finished)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_rows),
        cmocka_unit_test(versions_rows),
        cmocka_unit_test(records_rows),
        cmocka_unit_test(alerts_rows),
        cmocka_unit_test(hellos_rows),
        cmocka_unit_test(extensions_rows),
        cmocka_unit_test(renegotiation_info_rows),
        cmocka_unit_test(sessions_rows),
        cmocka_unit_test(key_exchange_rows),
        cmocka_unit_test(authentication_rows),
        cmocka_unit_test(finished_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
