#ifndef TCH_TEST_SUPPORT_ROGUE_H
#define TCH_TEST_SUPPORT_ROGUE_H

/*
 * A peer that misbehaves on purpose. It runs one half of a handshake by hand,
 * message by message, and a program says what it does: a row of words. Right
 * words make a right handshake; between them stand deviations. The engine is
 * the other side, driven through tch.h.
 *
 *   "ch . cke ccs fin ."             a client that behaves
 *   ". sh cert ske shd . ccs fin ."  a server that behaves
 *
 * Words that send (each message is hashed, and goes into a record of its own):
 *   ch sh cert ske creq shd cke cv ccs fin    as the RFC has them
 *   certs            an empty Certificate
 *   hreq             HelloRequest, which is not hashed
 *   hs:HEX           handshake bytes as they are, not hashed
 *   zero=TYPE,LEN    a message of TYPE with LEN zero bytes, not hashed
 *   rec:TTHEX        a record of type TT with these bytes
 *   wire:HEX         bytes outside any record
 *   data empty       application data, 1 byte or none; empty=N: so many
 *   warn=D fatal=D   an alert; close is warn=0
 *   ccs!             change_cipher_spec, but the old keys stay
 *   half             the first half of Finished; rest: the second
 * `.` hands everything to the engine and reads its answer. `reconnect` starts
 * a new connection with the same configuration and the session remembered;
 * `dead` says that the engine has failed by now; `e!renegotiate` makes it ask
 * for a renegotiation; `defaults` takes back all words that stay in force.
 *
 * Words that change the next message:
 *   retype=T flip=N put=N,HEX cut=N grow:HEX len=N nohash; with lie the rogue
 *   hashes what it would have sent
 *   (offsets into the body; negative ones count from its end)
 * Words that stay in force:
 *   frag=N join split recver=V
 *   version=V suite=S suites:HEX comp:HEX sid:HEX id=NAME group=G scheme=S
 *   point:HEX ctype=N curve=G dhy=KIND dhp=BITS badsig pms=KIND sentinel
 *   ext+T:HEX ext-T ext*T:HEX noext noblock resume ri:HEX
 * Words about the engine, before anything else:
 *   e.suites:HEX e.id=NAME e.id+NAME e.auth=require|request e.policy=NAME
 *   e.ems=require e.reneg=refuse|ignore e.alpn:HEX e.verify=off e.etm=off
 *   e.cid=NAME e.groups:HEX e.schemes:HEX e.anchor
 *
 * Numbers of codes are hexadecimal, all others decimal.
 */

#include "engine/tch.h"

#define ROGUE_NO_ALERT (-1)

/*
 * rogue_case is one row: `engine` is the engine's role; `status` the name of
 * the status it must end with ("OK": both sides are open and data goes both
 * ways; "CLOSED": it has seen close_notify; "WAITS": it is in the handshake
 * and nothing is wrong); `alert` the newest one the rogue must have received.
 */
struct rogue_case {
    const char *name; /* what is deviated, with the rule's id */
    enum tch_role engine;
    const char *program;
    const char *status;
    int alert;
};

/*
 * rogue_run runs a row; with `bytewise` the engine gets its input a byte at a
 * time. True when everything was as the row says, at the program's last `.`
 * and not before; else `why` holds a sentence.
 */
bool rogue_run(const struct rogue_case *row, bool bytewise, char *why,
               size_t cap);

/* rogue_run_all runs rows both ways, prints what failed and how many ran;
 * true when none failed. */
bool rogue_run_all(const struct rogue_case *rows, size_t num);

#endif
