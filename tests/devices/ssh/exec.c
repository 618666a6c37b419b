/* One command on a channel of its own. */
#include <string.h>

#include "tests/devices/ssh/sshdev.h"

/* The text, or the file behind an @. */
static int
put_aside(struct visit *v, const char *text)
{
	if (text[0] == '@') {
		struct text body = file_load(text + 1);

		return put(v, body.s, body.n, true);
	}
	return put(v, text, strlen(text), true) == 0 && put(v, "\n", 1, true) == 0 ? 0 : -1;
}

void
exec_serve(struct visit *v, const char *command)
{
	struct device *d = v->device;
	struct answer *a = answer_find(d, command);
	int rc = 0, status = a ? a->status : 127;

	wire_log(d, v->number, "exec", command);
	start_counting(v, command);
	if (a)
		rc = put_body(v, answer_body(d, a));
	if (rc == 0 && (!a || a->aside))
		rc = put_aside(v, a ? a->aside : d->refusal);
	if (rc == 0)
		(void)ssh_channel_request_send_exit_status(v->channel, status);
	v->counting = false;
}
