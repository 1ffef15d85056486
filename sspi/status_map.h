#ifndef TCH_SSPI_STATUS_MAP_H
#define TCH_SSPI_STATUS_MAP_H

/*
 * status_map.h - the engine's statuses and received alerts as SECURITY_STATUS
 *
 * Two tables: contract 10.1 for an alert of the peer's, 10.2 for everything
 * found here.
 */

#include "engine/tch.h"
#include "sspi/include/sspi.h"

/* tch_sspi_status maps a status; `alert` is the received alert's number when
 * the status is TCH_PEER_ALERT, and is not looked at otherwise. */
SECURITY_STATUS tch_sspi_status(enum tch_status s, unsigned alert);

/* tch_sspi_alert maps an alert of the peer's (contract 10.1). */
SECURITY_STATUS tch_sspi_alert(unsigned alert);

/* tch_sspi_failure maps what ended a connection; TCH_OK there, for a
 * connection that the application ended by an alert of its own, gives
 * SEC_E_CONTEXT_EXPIRED. */
SECURITY_STATUS tch_sspi_failure(const struct tch_failure *f);

#endif
