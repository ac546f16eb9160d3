/*
 * channel.c -- a session channel that is opened.
 *
 * Room: engine/ssh.  May touch: this room.
 */
#include "config.h"

#include "ssh/channel.h"

void
channel_note_served(struct session *s)
{
	if (s->told_served)
		return;
	s->told_served = true;
	if (s->events->served != NULL)
		s->events->served(s->arg);
}

enum next
channel_open(struct session *s, uint32_t window, LIBSSH2_CHANNEL **channel,
    const char **refusal)
{
	char *text = NULL;
	int rc = 0;

	*refusal = NULL;
	*channel = libssh2_channel_open_ex(s->ssh, "session", 7, window,
	    LIBSSH2_CHANNEL_PACKET_DEFAULT, NULL, 0);
	if (*channel == NULL)
		rc = libssh2_session_last_error(s->ssh, &text, NULL, 0);
	if (rc == LIBSSH2_ERROR_EAGAIN && !s->tap.eof)
		return AGAIN;
	if (rc != 0 && rc != LIBSSH2_ERROR_CHANNEL_FAILURE)
		return session_fail_io(s, "opening a channel");
	channel_note_served(s);
	if (rc == 0)
		return FORWARD;
	*refusal = text;
	return FAILED;
}
