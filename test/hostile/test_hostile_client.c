/*
 * Rogue servers: the engine is the client. One row per deviation; see
 * test/support/rogue.h for the words. Expected statuses and alerts come from
 * the dossier rule that the row names and from contract 10.2.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "test/support/rogue.h"

#define CLI TCH_CLIENT
#define NONE ROGUE_NO_ALERT
#define ROWS(a) (a), sizeof(a) / sizeof((a)[0])

#define FLIGHT "sh cert ske shd . "
#define OPEN ". " FLIGHT "ccs fin . "
#define RSA "e.suites:009c . suite=009c sh cert "
#define DHE "e.suites:009e . suite=009e sh cert "
#define CBC "e.suites:c027 . suite=c027 "
#define AGAIN OPEN "e!renegotiate "
#define RESUME OPEN "reconnect . resume "
#define Z31 "00000000000000000000000000000000000000000000000000000000000000"
#define Z32 "00" Z31
#define F30 "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
#define F32 "ffff" F30

/* clang-format off */
static const struct rogue_case good[] = {
    { "a server that behaves",       CLI, OPEN, "OK", NONE },
    { "RSA key transport",           CLI, RSA "shd . ccs fin .", "OK", NONE },
    { "DHE",                         CLI, DHE "ske shd . ccs fin .", "OK", NONE },
    { "CBC, encrypt-then-MAC",       CLI, CBC FLIGHT "ccs fin .", "OK", NONE },
    { "CBC, MAC-then-encrypt",       CLI, CBC "ext-0016 " FLIGHT "ccs fin .", "OK", NONE },
    { "SHA-384",                     CLI, ". suite=c030 " FLIGHT "ccs fin .", "OK", NONE },
    { "ECDSA",                       CLI, ". suite=c02b id=server-ec256 " FLIGHT "ccs fin .", "OK", NONE },
    { "P-256",                       CLI, ". group=0017 " FLIGHT "ccs fin .", "OK", NONE },
    { "P-384",                       CLI, ". group=0018 " FLIGHT "ccs fin .", "OK", NONE },
    { "client certificate",          CLI, "e.id=client-rsa2048 . sh cert ske creq shd . ccs fin .", "OK", NONE },
    { "client certificate, ECDSA",   CLI, "e.id=client-ec256 . sh cert ske creq shd . ccs fin .", "OK", NONE },
    { "client without certificate",  CLI, ". sh cert ske creq shd . ccs fin .", "OK", NONE },
    { "asked for with RSA",          CLI, "e.id=client-rsa2048 " RSA "creq shd . ccs fin .", "OK", NONE },
    { "R-HS-050 resumption",         CLI, RESUME "sh ccs fin .", "OK", NONE },
    { "R-HS-054 resumption declined", CLI, OPEN "reconnect . " FLIGHT "ccs fin .", "OK", NONE },
    { "renegotiation",               CLI, AGAIN FLIGHT "ccs fin .", "OK", NONE },
    { "R-EXT-082 twice",             CLI, AGAIN FLIGHT "ccs fin . e!renegotiate " FLIGHT "ccs fin .", "OK", NONE },
    { "renegotiation asked for",     CLI, OPEN "hreq . " FLIGHT "ccs fin .", "OK", NONE },
    { "R-REC-020 all in one record", CLI, ". join " FLIGHT "ccs fin .", "OK", NONE },
    { "R-REC-021 1 byte per record", CLI, ". frag=1 " FLIGHT "ccs fin .", "OK", NONE },
    { "R-REC-021 3 bytes per record", CLI, ". frag=3 " FLIGHT "ccs fin .", "OK", NONE },
};

static const struct rogue_case hellos[] = {
    { "R-HS-023 server_version 0302",  CLI, ". version=0302 sh .", "NO_COMMON_VERSION", 70 },
    { "R-HS-023 server_version 0301",  CLI, ". version=0301 sh .", "NO_COMMON_VERSION", 70 },
    { "R-ATK-004 server_version 0300", CLI, ". version=0300 sh .", "NO_COMMON_VERSION", 70 },
    { "R-HS-023 server_version 0304",  CLI, ". version=0304 sh .", "NO_COMMON_VERSION", 70 },
    { "R-HS-039 server_version 0a0a",  CLI, ". version=0a0a sh .", "NO_COMMON_VERSION", 70 },
    { "R-HS-076 another when renegotiating", CLI, AGAIN "version=0302 sh .", "NO_COMMON_VERSION", 70 },
    { "R-HS-076 0304 when renegotiating", CLI, AGAIN "version=0304 sh .", "NO_COMMON_VERSION", 70 },
    { "R-HS-027 sentinel of TLS 1.3",  CLI, ". sentinel " FLIGHT "ccs fin .", "OK", NONE },
    { "R-HS-032 suite not offered",    CLI, ". suite=009d sh .", "ILLEGAL_PARAMETER", 47 },
    { "R-HS-032 RC4",                  CLI, ". suite=0005 sh .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-010 an export suite",     CLI, ". suite=0003 sh .", "ILLEGAL_PARAMETER", 47 },
    { "R-HS-032 the NULL suite",       CLI, ". suite=0000 sh .", "ILLEGAL_PARAMETER", 47 },
    { "R-HS-032 an anonymous suite",   CLI, ". suite=006c sh .", "ILLEGAL_PARAMETER", 47 },
    { "R-EXT-115 the SCSV 00ff",       CLI, ". suite=00ff sh .", "ILLEGAL_PARAMETER", 47 },
    { "R-EXT-115 the SCSV 5600",       CLI, ". suite=5600 sh .", "ILLEGAL_PARAMETER", 47 },
    { "R-HS-039 a GREASE suite",       CLI, ". suite=0a0a sh .", "ILLEGAL_PARAMETER", 47 },
    { "R-HS-032 a TLS 1.3 suite",      CLI, ". suite=1301 sh .", "ILLEGAL_PARAMETER", 47 },
    { "R-ATK-007 compression 1",       CLI, ". comp:01 sh .", "ILLEGAL_PARAMETER", 47 },
    { "R-HS-028 session_id of 33 bytes", CLI, ". put=34,21 sh .", "DECODE_ERROR", 50 },
    { "R-HS-037 no session_id",        CLI, ". sid: " FLIGHT "ccs fin .", "OK", NONE },
    { "R-HS-002 one byte more",        CLI, ". grow:00 sh .", "DECODE_ERROR", 50 },
    { "R-HS-002 one byte less",        CLI, ". cut=1 sh .", "DECODE_ERROR", 50 },
    { "R-HS-002 empty ServerHello",    CLI, ". hs:02000000 .", "DECODE_ERROR", 50 },
    { "R-HS-073 ClientHello",          CLI, ". retype=1 sh .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-073 ClientHello, open",    CLI, OPEN "hs:01000000 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-037 no extensions",        CLI, ". noblock " FLIGHT "ccs fin .", "OK", NONE },
    { "R-HS-037 an empty block",       CLI, ". noext " FLIGHT "ccs fin .", "OK", NONE },
    { "R-EXT-001 an unknown one",      CLI, ". ext+abcd: sh .", "UNSUPPORTED_EXTENSION", 110 },
    { "R-HS-039 GREASE",               CLI, ". ext+0a0a: sh .", "UNSUPPORTED_EXTENSION", 110 },
    { "R-HS-038 supported_versions",   CLI, ". ext+002b:0304 sh .", "UNSUPPORTED_EXTENSION", 110 },
    { "R-EXT-001 key_share",           CLI, ". ext+0033:001d sh .", "UNSUPPORTED_EXTENSION", 110 },
    { "R-EXT-001 ALPN not offered",    CLI, ". ext+0010:0003026832 sh .", "UNSUPPORTED_EXTENSION", 110 },
    { "R-EXT-001 status_request",      CLI, ". ext+0005: sh .", "UNSUPPORTED_EXTENSION", 110 },
    { "R-EXT-001 max_fragment_length", CLI, ". ext+0001:01 sh .", "UNSUPPORTED_EXTENSION", 110 },
    { "R-EXT-001 record_size_limit",   CLI, ". ext+001c:4000 sh .", "UNSUPPORTED_EXTENSION", 110 },
    { "R-EXT-001 heartbeat",           CLI, ". ext+000f:01 sh .", "UNSUPPORTED_EXTENSION", 110 },
    { "R-EXT-001 truncated_hmac",      CLI, ". ext+0004: sh .", "UNSUPPORTED_EXTENSION", 110 },
    { "R-EXT-001 EtM not offered",     CLI, "e.etm=off e.suites:c027 . suite=c027 ext+0016: sh .", "UNSUPPORTED_EXTENSION", 110 },
    { "R-EXT-061 signature_algorithms", CLI, ". ext+000d:00020804 sh .", "ILLEGAL_PARAMETER", 47 },
    { "5.2 supported_groups",          CLI, ". ext+000a:0002001d " FLIGHT "ccs fin .", "OK", NONE },
    { "R-EXT-046 point formats",       CLI, ". ext+000b:0100 " FLIGHT "ccs fin .", "OK", NONE },
    { "R-EXT-046 formats without 0",   CLI, ". ext+000b:0101 sh .", "ILLEGAL_PARAMETER", 47 },
    { "R-EXT-048 no formats",          CLI, ". ext+000b:00 sh .", "DECODE_ERROR", 50 },
    { "R-EXT-003 EMS twice",           CLI, ". ext+0017: sh .", "DECODE_ERROR", 50 },
    { "R-EXT-003 an unknown one twice", CLI, ". ext+abcd: ext+abcd: sh .", "DECODE_ERROR", 50 },
    { "R-EXT-110 EMS with data",       CLI, ". ext*0017:00 sh .", "DECODE_ERROR", 50 },
    { "R-EXT-110 EtM with data",       CLI, CBC "ext*0016:00 sh .", "DECODE_ERROR", 50 },
    { "R-REC-074 EtM with AEAD",       CLI, ". ext+0016: sh .", "ILLEGAL_PARAMETER", 47 },
    { "R-EXT-014 server_name",         CLI, ". ext+0000: " FLIGHT "ccs fin .", "OK", NONE },
    { "R-EXT-015 server_name with data", CLI, ". ext+0000:00 sh .", "DECODE_ERROR", 50 },
    { "R-EXT-090 ALPN",                CLI, "e.alpn:026832 . ext+0010:0003026832 " FLIGHT "ccs fin .", "OK", NONE },
    { "R-EXT-090 a name not offered",  CLI, "e.alpn:026832 . ext+0010:0003026833 sh .", "ILLEGAL_PARAMETER", 47 },
    { "R-EXT-090 two names",           CLI, "e.alpn:026832 . ext+0010:0006026832026832 sh .", "DECODE_ERROR", 50 },
    { "R-EXT-090 no name",             CLI, "e.alpn:026832 . ext+0010:0000 sh .", "DECODE_ERROR", 50 },
    { "R-EXT-091 an empty name",       CLI, "e.alpn:026832 . ext+0010:000100 sh .", "DECODE_ERROR", 50 },
    { "R-EXT-090 no answer",           CLI, "e.alpn:026832 . " FLIGHT "ccs fin .", "OK", NONE },
    { "R-ATK-030 another random",      CLI, ". lie flip=10 sh cert ske .", "BAD_SIGNATURE", 51 },
};

static const struct rogue_case renegotiation[] = {
    { "R-EXT-072 not empty at first",  CLI, ". ri:0141 sh .", "HANDSHAKE_VIOLATION", 40 },
    { "R-EXT-072 24 bytes at first",   CLI, ". ri:18" Z31 " sh .", "DECODE_ERROR", 50 },
    { "R-EXT-006 no length",           CLI, ". ri: sh .", "DECODE_ERROR", 50 },
    { "R-EXT-071 missing",             CLI, ". ext-ff01 " FLIGHT "ccs fin .", "OK", NONE },
    { "R-EXT-074 missing",             CLI, AGAIN "ext-ff01 sh .", "HANDSHAKE_VIOLATION", 40 },
    { "R-EXT-074 empty",               CLI, AGAIN "ri:00 sh .", "HANDSHAKE_VIOLATION", 40 },
    { "R-EXT-074 12 bytes",            CLI, AGAIN "ri:0c000000000000000000000000 sh .", "HANDSHAKE_VIOLATION", 40 },
    { "R-EXT-074 24 zero bytes",       CLI, AGAIN "ri:18000000000000000000000000000000000000000000000000 sh .", "HANDSHAKE_VIOLATION", 40 },
    { "R-EXT-074 no block at all",     CLI, AGAIN "noblock sh .", "HANDSHAKE_VIOLATION", 40 },
    { "R-EXT-084 a legacy server asks", CLI, ". ext-ff01 " FLIGHT "ccs fin . hreq .", "OK", 100 },
    { "R-HS-070 refused",              CLI, "e.reneg=refuse " OPEN "hreq .", "OK", 100 },
    { "R-HS-070 refused twice",        CLI, "e.reneg=refuse " OPEN "hreq hreq .", "OK", 100 },
    { "R-HS-070 ignored",              CLI, "e.reneg=ignore " OPEN "hreq .", "OK", NONE },
    { "R-ALR-013 the server refuses",  CLI, AGAIN "warn=100 .", "OK", NONE },
    { "R-ALR-013 unasked",             CLI, OPEN "warn=100 .", "OK", NONE },
    { "R-HS-071 HelloRequests on the way", CLI, ". hreq sh hreq cert hreq ske hreq shd . hreq ccs fin .", "OK", NONE },
    { "R-HS-071 when renegotiating",   CLI, AGAIN "hreq " FLIGHT "hreq ccs fin .", "OK", NONE },
    { "R-HS-071 between ccs and Finished", CLI, ". " FLIGHT "ccs hreq .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-071 the same, resumed",    CLI, RESUME "sh ccs hreq .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-010 with a body",          CLI, ". hs:0000000100 .", "DECODE_ERROR", 50 },
    { "R-HS-010 with a body, open",    CLI, OPEN "hs:0000000100 .", "DECODE_ERROR", 50 },
    { "R-HS-071 in pieces, open",      CLI, OPEN "frag=1 hreq . frag=0 " FLIGHT "ccs fin .", "OK", NONE },
    { "R-KEY-052 without EMS",         CLI, AGAIN "ext-0017 sh .", "HANDSHAKE_VIOLATION", 40 },
    { "R-KEY-052 gains EMS",           CLI, ". ext-0017 " FLIGHT "ccs fin . e!renegotiate defaults " FLIGHT "ccs fin .", "OK", NONE },
    { "R-ATK-049 without EtM",         CLI, CBC FLIGHT "ccs fin . e!renegotiate ext-0016 sh .", "HANDSHAKE_VIOLATION", 40 },
    { "R-REC-075 AEAD instead of EtM", CLI, "e.suites:c027c02f . suite=c027 " FLIGHT "ccs fin . e!renegotiate suite=c02f sh .", "HANDSHAKE_VIOLATION", 40 },
    { "R-HS-077 another certificate",  CLI, ". ext-0017 " FLIGHT "ccs fin . e!renegotiate id=server-rsa3072 sh cert .", "ILLEGAL_PARAMETER", 47 },
    { "R-HS-077 another certificate, EMS", CLI, AGAIN "id=server-rsa3072 sh cert .", "ILLEGAL_PARAMETER", 47 },
    { "R-HS-077 the same certificate", CLI, ". ext-0017 " FLIGHT "ccs fin . e!renegotiate " FLIGHT "ccs fin .", "OK", NONE },
    { "R-REC-026 data on the way",     CLI, AGAIN "data sh cert data ske shd . data ccs fin .", "OK", NONE },
    { "R-REC-027 data behind ccs",     CLI, AGAIN FLIGHT "ccs data .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-027 empty data behind ccs", CLI, AGAIN FLIGHT "ccs empty .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-028 data inside a message", CLI, AGAIN "hs:0200 data .", "UNEXPECTED_MESSAGE", 10 },
    { "close_notify when renegotiating", CLI, AGAIN "close .", "CLOSED_EARLY", NONE },
};

static const struct rogue_case sessions[] = {
    { "R-KEY-048 had EMS, now without", CLI, RESUME "ext-0017 sh .", "HANDSHAKE_VIOLATION", 40 },
    { "R-HS-051 another suite",        CLI, RESUME "suite=c030 sh .", "ILLEGAL_PARAMETER", 47 },
    { "R-HS-052 another version",      CLI, RESUME "version=0302 sh .", "NO_COMMON_VERSION", 70 },
    { "R-REC-076 had EtM, now without", CLI, CBC FLIGHT "ccs fin . reconnect . resume suite=c027 ext-0016 sh .", "ILLEGAL_PARAMETER", 47 },
    { "R-REC-076 had none, now EtM",   CLI, CBC "ext-0016 " FLIGHT "ccs fin . reconnect . resume suite=c027 sh .", "ILLEGAL_PARAMETER", 47 },
    { "R-KEY-051 EMS required",        CLI, "e.ems=require . ext-0017 sh .", "HANDSHAKE_VIOLATION", 40 },
    { "R-KEY-051 required and there",  CLI, "e.ems=require " OPEN, "OK", NONE },
    { "R-HS-001 Certificate when resumed", CLI, RESUME "sh cert .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-006 wrong Finished",       CLI, RESUME "sh ccs flip=0 fin .", "BAD_FINISHED", 51 },
    { "R-ALR-004 then not offered",    CLI, RESUME "sh ccs flip=0 fin . dead reconnect . " FLIGHT "ccs fin .", "OK", NONE },
    { "R-EXT-074 resumed, no answer",  CLI, RESUME "ext-ff01 sh ccs fin .", "OK", NONE },
    { "the wrong secret",              CLI, RESUME "sh ccs! fin .", "BAD_RECORD_MAC", 20 },
};

static const struct rogue_case certificates[] = {
    { "R-HS-090 an empty list",        CLI, ". sh certs .", "DECODE_ERROR", 50 },
    { "R-HS-101 an entry of length 0", CLI, ". sh hs:0b000006000003000000 .", "DECODE_ERROR", 50 },
    { "R-HS-101 lengths do not add up", CLI, ". sh hs:0b000003000005 .", "DECODE_ERROR", 50 },
    { "R-HS-101 a byte more",          CLI, ". sh grow:00 cert .", "DECODE_ERROR", 50 },
    { "R-HS-101 a byte less",          CLI, ". sh cut=1 cert .", "DECODE_ERROR", 50 },
    { "R-HS-102 no certificate",       CLI, ". sh hs:0b000007000004000001ff .", "CERT_BAD", 42 },
    { "signature of the certificate",  CLI, ". sh flip=-1 cert .", "CERT_BAD_SIGNATURE", 42 },
    { "R-HS-103 EC key, RSA suite",    CLI, ". id=server-ec256 sh cert .", "ILLEGAL_PARAMETER", 47 },
    { "R-HS-103 RSA key, ECDSA suite", CLI, ". suite=c02b sh cert .", "ILLEGAL_PARAMETER", 47 },
    { "R-HS-103 curve not listed",     CLI, "e.groups:001d0017 . suite=c02b id=server-ec384 sh cert .", "ILLEGAL_PARAMETER", 47 },
    { "R-KX-029 RSA of 1024 bits",     CLI, ". id=server-rsa1024 sh cert .", "CERT_WEAK", 42 },
    { "R-KX-029 RSA of 512 bits",      CLI, ". id=server-rsa512 sh cert .", "CERT_WEAK", 42 },
    { "a client's certificate",        CLI, ". id=client-rsa2048 sh cert .", "CERT_WRONG_USAGE", 43 },
    { "R-KX-001 missing, SKE instead", CLI, ". sh ske .", "UNEXPECTED_MESSAGE", 10 },
    { "R-KX-001 missing, done instead", CLI, RSA "reconnect . suite=009c sh shd .", "UNEXPECTED_MESSAGE", 10 },
    { "R-EXT-030 CertificateStatus",   CLI, ". sh cert hs:1600000501000001ff .", "UNEXPECTED_MESSAGE", 10 },
    { "R-EXT-102 NewSessionTicket",    CLI, ". " FLIGHT "hs:04000006000000000000 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-099 no certificate_types", CLI, ". sh cert ske hs:0d0000070000020403" "0000 .", "DECODE_ERROR", 50 },
    { "R-HS-100 no signature pairs",   CLI, ". sh cert ske hs:0d000006010100000000 .", "DECODE_ERROR", 50 },
    { "R-HS-100 pairs of odd length",  CLI, ". sh cert ske hs:0d000009010100030403080000 .", "DECODE_ERROR", 50 },
    { "R-HS-099 authorities cut",      CLI, ". sh cert ske hs:0d00000801010002040300" "05 .", "DECODE_ERROR", 50 },
    { "R-HS-093 before SKE",           CLI, ". sh cert creq .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-093 twice",                CLI, ". sh cert ske creq creq .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-010 ServerHelloDone, 1 byte", CLI, ". sh cert ske hs:0e00000100 .", "DECODE_ERROR", 50 },
    { "R-HS-010 ServerHelloDone grown", CLI, RSA "grow:00 shd .", "DECODE_ERROR", 50 },
};

#define U(value) CLI, ". sh cert point:" value " ske shd .", "ILLEGAL_PARAMETER", 47
#define P256(value) CLI, ". group=0017 sh cert point:" value " ske shd .", "ILLEGAL_PARAMETER", 47
static const struct rogue_case key_exchange[] = {
    { "R-ATK-010 SKE with RSA",        CLI, RSA "hs:0c00000400010002 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-KX-001 no SKE",               CLI, ". sh cert shd .", "UNEXPECTED_MESSAGE", 10 },
    { "R-KX-001 no SKE, DHE",          CLI, DHE "shd .", "UNEXPECTED_MESSAGE", 10 },
    { "R-KX-003 wrong signature",      CLI, ". sh cert badsig ske .", "BAD_SIGNATURE", 51 },
    { "R-KX-003 wrong, ECDSA",         CLI, ". suite=c02b id=server-ec256 sh cert badsig ske .", "BAD_SIGNATURE", 51 },
    { "R-KX-003 wrong, DHE",           CLI, DHE "badsig ske .", "BAD_SIGNATURE", 51 },
    { "R-KX-003 the point changed",    CLI, ". sh cert flip=5 ske .", "BAD_SIGNATURE", 51 },
    { "R-KX-003 signature empty",      CLI, ". sh cert hs:0c00002803001d20" Z32 "08040000 .", "BAD_SIGNATURE", 51 },
    { "R-ATK-022 MD5",                 CLI, ". sh cert scheme=0101 ske .", "ILLEGAL_PARAMETER", 47 },
    { "R-KX-008 SHA-1",                CLI, ". sh cert scheme=0201 ske .", "ILLEGAL_PARAMETER", 47 },
    { "R-KX-008 SHA-224",              CLI, ". sh cert scheme=0301 ske .", "ILLEGAL_PARAMETER", 47 },
    { "R-KX-004 ECDSA with an RSA key", CLI, ". sh cert scheme=0403 ske .", "ILLEGAL_PARAMETER", 47 },
    { "R-KX-004 RSA with an EC key",   CLI, ". suite=c02b id=server-ec256 sh cert scheme=0401 ske .", "ILLEGAL_PARAMETER", 47 },
    { "R-KX-004 rsa_pss_pss, rsaEncryption key", CLI, ". sh cert scheme=0809 ske .", "ILLEGAL_PARAMETER", 47 },
    { "R-HS-039 a GREASE scheme",      CLI, ". sh cert scheme=0a0a ske .", "ILLEGAL_PARAMETER", 47 },
    { "R-KX-004 not in our list",      CLI, "e.schemes:0401 . sh cert scheme=0804 ske .", "ILLEGAL_PARAMETER", 47 },
    { "R-KX-004 PKCS#1 SHA-256",       CLI, ". sh cert scheme=0401 ske shd . ccs fin .", "OK", NONE },
    { "R-KX-004 PSS SHA-512",          CLI, ". sh cert scheme=0806 ske shd . ccs fin .", "OK", NONE },
    { "R-KX-006 another hash named",   CLI, ". sh cert scheme=0401 put=36,0501 ske .", "BAD_SIGNATURE", 51 },
    { "R-KX-060 explicit prime",       CLI, ". sh cert ctype=1 ske .", "ILLEGAL_PARAMETER", 47 },
    { "R-KX-060 explicit char2",       CLI, ". sh cert ctype=2 ske .", "ILLEGAL_PARAMETER", 47 },
    { "R-KX-060 curve_type 0",         CLI, ". sh cert ctype=0 ske .", "ILLEGAL_PARAMETER", 47 },
    { "R-KX-061 x448, not listed",     CLI, ". sh cert curve=001e ske .", "ILLEGAL_PARAMETER", 47 },
    { "R-KX-061 secp192r1",            CLI, ". sh cert curve=0013 ske .", "ILLEGAL_PARAMETER", 47 },
    { "R-HS-039 a GREASE group",       CLI, ". sh cert curve=0a0a ske .", "ILLEGAL_PARAMETER", 47 },
    { "R-KX-061 an FFDHE group",       CLI, ". sh cert curve=0100 ske .", "ILLEGAL_PARAMETER", 47 },
    { "R-KX-061 P-256, X25519 alone listed", CLI, "e.groups:001d . sh cert group=0017 ske .", "ILLEGAL_PARAMETER", 47 },
    { "R-KX-065 no point",             CLI, ". sh cert point: ske shd .", "DECODE_ERROR", 50 },
    { "R-KX-065 31 bytes",             U(Z31) },
    { "R-KX-065 33 bytes",             U(Z32 "09") },
    { "R-ATK-016 u = 0",               U(Z32) },
    { "R-ATK-016 u = 1",               U("01" Z31) },
    { "R-ATK-016 u = p - 1",           U("ec" F30 "7f") },
    { "R-ATK-016 u = p",               U("ed" F30 "7f") },
    { "R-ATK-016 u = p + 1",           U("ee" F30 "7f") },
    { "R-ATK-016 u of order 8",        U("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800") },
    { "R-ATK-016 the other of order 8", U("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157") },
    { "R-ATK-015 not on the curve",    P256("04" Z32 Z32) },
    { "R-ATK-015 coordinates above p", P256("04" F32 F32) },
    { "R-ATK-015 infinity",            P256("00") },
    { "R-ATK-015 compressed",          P256("036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296") },
    { "R-ATK-015 hybrid form",         P256("06" Z32 Z32) },
    { "R-ATK-015 one byte short",      P256("04" Z32 Z31) },
    { "R-ATK-012 p of 512 bits",       CLI, DHE "dhp=512 ske .", "INSUFFICIENT_SECURITY", 71 },
    { "R-ATK-012 p of 768 bits",       CLI, DHE "dhp=768 ske .", "INSUFFICIENT_SECURITY", 71 },
    { "R-ATK-012 p of 1023 bits",      CLI, DHE "dhp=1023 ske .", "INSUFFICIENT_SECURITY", 71 },
    { "R-ATK-012 p of 1024 bits",      CLI, DHE "dhp=1024 ske .", "INSUFFICIENT_SECURITY", 71 },
    { "R-KX-041 p of 2047 bits",       CLI, DHE "dhp=2047 ske .", "INSUFFICIENT_SECURITY", 71 },
    { "R-KX-041 p of 8200 bits",       CLI, DHE "dhp=8200 ske .", "ILLEGAL_PARAMETER", 47 },
    { "R-KX-040 no Y",                 CLI, DHE "hs:0c00000b000101000102000008040000 .", "DECODE_ERROR", 50 },
    { "R-ATK-023 ECDHE body, DHE suite", CLI, DHE "hs:0c00000803001d04aabbccdd .", "DECODE_ERROR", 50 },
    { "R-ATK-023 DHE body, ECDHE suite", CLI, ". sh cert hs:0c000008000102000103aabb .", "ILLEGAL_PARAMETER", 47 },
    { "R-HS-002 cut",                  CLI, ". sh cert cut=1 ske .", "DECODE_ERROR", 50 },
    { "R-HS-002 grown",                CLI, ". sh cert grow:00 ske .", "DECODE_ERROR", 50 },
    { "R-HS-002 empty",                CLI, ". sh cert hs:0c000000 .", "DECODE_ERROR", 50 },
};

#define DHY(kind) CLI, DHE "dhy=" kind " ske shd .", "HANDSHAKE_VIOLATION", 40
#define DHX(kind) CLI, "e.groups:001d0017 " DHE "dhy=" kind " ske shd .", "ILLEGAL_PARAMETER", 47
static const struct rogue_case dh_values[] = {
    { "R-ATK-013 Y = 0",               DHY("0") },
    { "R-ATK-013 Y = 1",               DHY("1") },
    { "R-ATK-013 Y = p - 1",           DHY("p-1") },
    { "R-ATK-013 Y = p",               DHY("p") },
    { "R-ATK-013 Y = p + 1",           DHY("p+1") },
    { "R-GEN-005 Y = 0, no group named", DHX("0") },
    { "R-GEN-005 Y = 1, no group named", DHX("1") },
    { "R-GEN-005 Y = p - 1, no group named", DHX("p-1") },
    { "R-GEN-005 Y = p, no group named", DHX("p") },
};

static const struct rogue_case order[] = {
    { "R-HS-006 wrong",                CLI, ". " FLIGHT "ccs flip=0 fin .", "BAD_FINISHED", 51 },
    { "R-HS-006 last byte wrong",      CLI, ". " FLIGHT "ccs flip=-1 fin .", "BAD_FINISHED", 51 },
    { "R-HS-006 short",                CLI, ". " FLIGHT "ccs cut=1 fin .", "BAD_FINISHED", 51 },
    { "R-HS-006 empty",                CLI, ". " FLIGHT "ccs cut=12 fin .", "BAD_FINISHED", 51 },
    { "R-HS-006 long",                 CLI, ". " FLIGHT "ccs grow:00 fin .", "BAD_FINISHED", 51 },
    { "R-HS-007 without ccs",          CLI, ". " FLIGHT "fin .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-082 two ccs",              CLI, ". " FLIGHT "ccs ccs! .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-083 under the old keys",   CLI, ". " FLIGHT "ccs! fin .", "BAD_RECORD_MAC", 20 },
    { "R-ATK-019 ccs at once",         CLI, ". rec:1401 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-ATK-019 ccs behind ServerHello", CLI, ". sh rec:1401 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-ATK-019 ccs behind Certificate", CLI, ". sh cert rec:1401 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-ATK-019 ccs behind SKE",      CLI, ". sh cert ske rec:1401 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-080 ccs in OPEN",          CLI, OPEN "ccs! .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-001 Finished in OPEN",     CLI, OPEN "fin .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-022 half a message, then ccs", CLI, ". " FLIGHT "half ccs .", "UNEXPECTED_MESSAGE", 10 },
    { "R-ATK-048 half a Finished, ccs, rest", CLI, ". " FLIGHT "half ccs rest .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-023 bytes behind ServerHelloDone", CLI, ". join sh cert ske shd hs:0b000000 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-023 half a header there", CLI, ". join sh cert ske shd hs:0b .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-023 bytes behind Finished", CLI, ". " FLIGHT "ccs join fin hs:14000000 .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-012 data",                CLI, ". sh data .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-012 empty data",          CLI, ". sh empty .", "UNEXPECTED_MESSAGE", 10 },
    { "R-REC-027 data behind ccs",     CLI, ". " FLIGHT "ccs data .", "UNEXPECTED_MESSAGE", 10 },
    { "R-HS-006 wrong, renegotiating", CLI, AGAIN FLIGHT "ccs flip=0 fin .", "BAD_FINISHED", 51 },
    { "R-REC-029 ServerHello, limit",  CLI, ". hs:02010000 .", "WAITS", NONE },
    { "R-REC-029 ServerHello, above",  CLI, ". hs:02010001 .", "MESSAGE_TOO_LARGE", 47 },
    { "R-REC-029 Certificate, limit",  CLI, ". sh hs:0b019000 .", "WAITS", NONE },
    { "R-REC-029 Certificate, above",  CLI, ". sh hs:0b019001 .", "MESSAGE_TOO_LARGE", 47 },
    { "R-REC-029 CertificateRequest, limit", CLI, ". sh cert ske hs:0d020000 .", "WAITS", NONE },
    { "R-REC-029 CertificateRequest, above", CLI, ". sh cert ske hs:0d020001 .", "MESSAGE_TOO_LARGE", 47 },
    { "R-ATK-026 ffffff",              CLI, ". hs:02ffffff .", "MESSAGE_TOO_LARGE", 47 },
    { "R-EXT-013 unrecognized_name, warning", CLI, ". warn=112 " FLIGHT "ccs fin .", "OK", NONE },
    { "R-ALR-012 4 warnings",          CLI, ". warn=90 warn=90 warn=90 warn=90 " FLIGHT "ccs fin .", "OK", NONE },
    { "R-ALR-012 5 warnings",          CLI, ". warn=90 warn=90 warn=90 warn=90 warn=90 .", "TOO_MANY_WARNINGS", 10 },
    { "R-ALR-012 5 warnings, open",    CLI, OPEN "warn=90 warn=90 warn=90 warn=90 warn=90 .", "TOO_MANY_WARNINGS", 10 },
    { "R-REC-016 33 empty records",    CLI, OPEN "empty=33 .", "TOO_MANY_EMPTY_RECORDS", 10 },
    { "R-REC-016 32 empty records",    CLI, OPEN "empty=32 .", "OK", NONE },
    { "R-ALR-001 handshake_failure",   CLI, ". fatal=40 .", "PEER_ALERT", NONE },
    { "R-ALR-001 under keys",          CLI, ". " FLIGHT "ccs fatal=40 .", "PEER_ALERT", NONE },
    { "close_notify at once",          CLI, ". close .", "CLOSED_EARLY", NONE },
    { "R-ALR-008 close_notify",        CLI, OPEN "close .", "CLOSED", NONE },
    { "R-REC-009 plain text",          CLI, ". wire:485454502f312e3120343030 .", "NOT_TLS", NONE },
    { "R-REC-008 record 0302",         CLI, ". sh recver=0302 cert .", "WRONG_RECORD_VERSION", 70 },
    { "R-REC-006 ServerHello in a 0301 record", CLI, ". recver=0301 sh recver=0 cert ske shd . ccs fin .", "OK", NONE },
};
/* clang-format on */

#define TEST(name)                                                           \
    static void name##_rows(void **state)                                    \
    {                                                                        \
        (void)state;                                                         \
        assert_true(rogue_run_all(ROWS(name)));                              \
    }
TEST(good)
TEST(hellos)
TEST(renegotiation)
TEST(sessions)
TEST(certificates)
TEST(key_exchange)
TEST(dh_values)
TEST(order)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_rows),
        cmocka_unit_test(hellos_rows),
        cmocka_unit_test(renegotiation_rows),
        cmocka_unit_test(sessions_rows),
        cmocka_unit_test(certificates_rows),
        cmocka_unit_test(key_exchange_rows),
        cmocka_unit_test(dh_values_rows),
        cmocka_unit_test(order_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
