/* The columns of v_session that a session is told by, and their places in the select list. */
#ifndef GATEBOOK_QUERY_SESSION_H
#define GATEBOOK_QUERY_SESSION_H

#define SESSION_SELECT                                                                             \
	"outside, inside, id, device, scope, proto, in_port, out_port, in_nat, in_nat_port, "      \
	"out_nat, out_nat_port, initiator, start_after, start_by, end_from, end_by, polls, "       \
	"bytes_out, bytes_in, bytes_total, packets_out, packets_in, place, state, app, user, "     \
	"in_iface, out_iface"
enum {
	S_OUTSIDE,
	S_INSIDE,
	S_ID,
	S_DEVICE,
	S_SCOPE,
	S_PROTO,
	S_IN_PORT,
	S_OUT_PORT,
	S_IN_NAT,
	S_IN_NAT_PORT,
	S_OUT_NAT,
	S_OUT_NAT_PORT,
	S_INITIATOR,
	S_START_AFTER,
	S_START_BY,
	S_END_FROM,
	S_END_BY,
	S_POLLS,
	S_BYTES_OUT,
	S_BYTES_IN,
	S_BYTES_TOTAL,
	S_PACKETS_OUT,
	S_PACKETS_IN,
	S_PLACE,
	S_STATE,
	S_APP,
	S_USER,
	S_IN_IFACE,
	S_OUT_IFACE,
	S_COLUMNS
};

#endif
