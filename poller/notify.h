/* What systemd wants to hear of a service (sd_notify(3)): datagrams of NAME=VALUE to
 * $NOTIFY_SOCKET. Without that variable nothing is sent. */
#ifndef GATEBOOK_POLLER_NOTIFY_H
#define GATEBOOK_POLLER_NOTIFY_H

/* "READY=1", "STOPPING=1", "WATCHDOG=1\nSTATUS=..." */
void notify(const char *state);

/* Milliseconds between two signs of life: half of $WATCHDOG_USEC; 0: none is wanted. */
long notify_interval(void);

#endif
