/*
 * greeting.c -- what may go wrong before there are keys.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 */
#include "config.h"

#include "base/mem.h"
#include "hostile.h"
#include "server.h"

#include <openssl/rand.h>

#include <stdlib.h>
#include <string.h>

static void
say(struct session *s, const char *text)
{
	sim_session_send_raw(s, text, strlen(text));
}

static void
say_and_close(struct session *s, const char *text)
{
	say(s, text);
	s->closing = true;
}

bool
sim_banner_silent(struct session *s, uint64_t arg)
{
	(void)arg;
	s->deaf = true;
	return true;
}

bool
sim_banner_only(struct session *s, uint64_t arg)
{
	(void)arg;
	s->deaf = true;
	say(s, s->host->version);
	say(s, "\r\n");
	return true;
}

bool
sim_banner_http(struct session *s, uint64_t arg)
{
	(void)arg;
	say_and_close(s, "HTTP/1.1 400 Bad Request\r\n"
			 "Content-Type: text/html\r\n"
			 "Connection: close\r\n\r\n"
			 "<html><body>Bad Request</body></html>\r\n");
	return true;
}

bool
sim_banner_ssh1(struct session *s, uint64_t arg)
{
	(void)arg;
	s->deaf = true;
	say(s, "SSH-1.5-fleetsim\n");
	return true;
}

bool
sim_banner_long(struct session *s, uint64_t arg)
{
	size_t len = arg > 0 && arg < 8 * 1024 * 1024 ? (size_t)arg : 100000;
	char *text = mem_new(len);

	s->deaf = true;
	memset(text, 'x', len);
	memcpy(text, "SSH-2.0-", len < 8 ? len : 8);
	sim_session_send_raw(s, text, len);
	free(text);
	return true;
}

bool
sim_banner_garbage(struct session *s, uint64_t arg)
{
	size_t len = arg > 0 && arg < 8 * 1024 * 1024 ? (size_t)arg : 4096;
	uint8_t *bytes = mem_new(len);

	s->deaf = true;
	(void)RAND_bytes(bytes, (int)len);
	sim_session_send_raw(s, bytes, len);
	free(bytes);
	return true;
}

/* 64 KiB of lines at a time, again and again. */
static void
flood_lines(struct session *s)
{
	static const char line[] =
	    "this line comes before the identification string, as it may\r\n";

	for (size_t n = 0; n < 64 * 1024; n += sizeof(line) - 1)
		sim_session_send_raw(s, line, sizeof(line) - 1);
}

bool
sim_banner_endless(struct session *s, uint64_t arg)
{
	(void)arg;
	s->deaf = true;
	sim_session_flood(s, flood_lines);
	return true;
}

bool
sim_throttled(struct session *s, uint64_t arg)
{
	if (arg > 0 && s->host->ledger->connects > arg)
		return false;
	say_and_close(s, "Exceeded MaxStartups\r\n");
	return true;
}

static bool
stop_after(struct session *s, enum stop stop, uint64_t bytes)
{
	s->spoil.stop = stop;
	s->spoil.stop_at = bytes > 0 ? bytes : 1;
	return false;
}

bool
sim_reset(struct session *s, uint64_t arg)
{
	if (arg > 0)
		return stop_after(s, STOP_RESET, arg);
	sim_session_reset(s);
	return true;
}

bool
sim_cut(struct session *s, uint64_t arg)
{
	return stop_after(s, STOP_FIN, arg);
}

bool
sim_stall(struct session *s, uint64_t arg)
{
	return stop_after(s, STOP_STALL, arg);
}

bool
sim_flip(struct session *s, uint64_t arg)
{
	s->spoil.flip_at = arg;
	return false;
}

bool
sim_slow(struct session *s, uint64_t arg)
{
	s->spoil.drip_ms = arg > 0 && arg < 3600000 ? (uint32_t)arg : 1000;
	return false;
}

bool
sim_packet_length(struct session *s, uint64_t arg)
{
	uint8_t packet[64] = {(uint8_t)(arg >> 24), (uint8_t)(arg >> 16),
	    (uint8_t)(arg >> 8), (uint8_t)arg, 10, SSH_KEXINIT};

	(void)sim_banner_only(s, 0);
	sim_session_send_raw(s, packet, sizeof(packet));
	return true;
}

bool
sim_kex_badsig(struct session *s, uint64_t arg)
{
	(void)arg;
	s->host->bad_signature = true;
	return false;
}

bool
sim_kex_badpoint(struct session *s, uint64_t arg)
{
	(void)arg;
	s->host->bad_point = true;
	return false;
}
