/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Built-in checks: one dialogue over one socket, with one deadline and one end.
 *
 * track_tcp: a connection is made. track_http: a GET over it is answered by an expected status.
 * track_ping: an echo is answered. All leave through finish(), which is never called from inside
 * probe_start(): what fails at once fails at the deadline timer, set to now.
 */
#include "vrrp/track_probe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "loop/loop.h"
#include "net/sock.h"
#include "vrrp/echo.h"

#define REQUEST_MAX 1024
#define RECEIVE_MAX 64		/* packets at a time */
#define REPLY_MAX   64		/* the status line is all that is read */

struct probe {
	struct loop *loop;
	const struct vrrp_script_config *config;
	probe_done *done;
	void *arg;
	struct watch watch;
	struct timer deadline;
	ktime began;
	bool running;
	int error;			/* of the start, told by the deadline timer */
	bool connected;
	uint16_t echo_id, echo_seq;
	size_t sent, n_reply;
	char request[REQUEST_MAX];
	char reply[REPLY_MAX];
};

static void close_socket(struct probe *p)
{
	if (p->watch.fd < 0)
		return;
	watch_remove(&p->watch);
	close(p->watch.fd);
	p->watch.fd = -1;
}

static void finish(struct probe *p, bool good, int code, const char *detail, ktime now)
{
	struct probe_result result = {
		.good = good, .code = code, .detail = detail, .took = ktime_diff(now, p->began)
	};

	close_socket(p);
	timer_cancel(&p->deadline);
	p->running = false;
	p->done(p->arg, &result, now);
}

static void fail_errno(struct probe *p, int error, ktime now)
{
	finish(p, false, error, strerror(error), now);
}

static void deadline_over(struct timer *t, ktime now)
{
	struct probe *p = container_of(t, struct probe, deadline);

	if (p->error != 0)
		fail_errno(p, p->error, now);
	else
		finish(p, false, ETIMEDOUT, "no answer in time", now);
}

/* -- HTTP ----------------------------------------------------------------------------------- */

static void judge_reply(struct probe *p, ktime now)
{
	const struct vrrp_script_config *c = p->config;
	unsigned status = 0;
	char detail[40];

	p->reply[p->n_reply] = '\0';
	if (sscanf(p->reply, "HTTP/1.%*1[01] %3u", &status) != 1) {
		finish(p, false, EPROTO, "no HTTP status line", now);
		return;
	}
	(void)snprintf(detail, sizeof(detail), "status %u", status);
	finish(p, status >= c->status_min && status <= c->status_max, (int)status, detail, now);
}

static void read_reply(struct probe *p, ktime now)
{
	ssize_t n = recv(p->watch.fd, p->reply + p->n_reply, REPLY_MAX - 1 - p->n_reply, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0) {
		fail_errno(p, errno, now);
		return;
	}
	p->n_reply += (size_t)n;
	if (n == 0 || p->n_reply == REPLY_MAX - 1 || memchr(p->reply, '\n', p->n_reply) != NULL)
		judge_reply(p, now);
}

static void send_request(struct probe *p, ktime now)
{
	size_t len = strlen(p->request);
	ssize_t n = send(p->watch.fd, p->request + p->sent, len - p->sent, MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		fail_errno(p, errno, now);
		return;
	}
	p->sent += n > 0 ? (size_t)n : 0;
	if (p->sent == len)
		(void)watch_change(&p->watch, EPOLLIN);
}

static void make_request(struct probe *p)
{
	const struct vrrp_script_config *c = p->config;

	(void)snprintf(p->request, sizeof(p->request),
		       "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: keepalived\r\n"
		       "Connection: close\r\n\r\n",
		       c->http_path, c->http_host);
}

/* -- events of the socket ------------------------------------------------------------------- */

static void stream_ready(struct probe *p, uint32_t events, ktime now)
{
	int error;

	if (!p->connected) {
		error = sock_take_error(p->watch.fd);
		if (error < 0) {
			fail_errno(p, -error, now);
			return;
		}
		p->connected = true;
		if (p->config->kind == VRRP_CHECK_TCP) {
			finish(p, true, 0, "connected", now);
			return;
		}
	}
	if (events & EPOLLIN)
		read_reply(p, now);
	else
		send_request(p, now);
}

static void echo_ready(struct probe *p, ktime now)
{
	uint8_t buf[256];
	struct sock_rx rx;
	ssize_t n;

	/* The socket hears all echo traffic of the host: others have their turn, too. */
	for (unsigned i = 0; i < RECEIVE_MAX; i++) {
		n = sock_receive(p->watch.fd, buf, sizeof(buf), &rx);
		if (n < 0)
			return;
		if (!addr_equal(rx.src, p->config->host) ||
		    !echo_is_reply((struct span){ buf, (size_t)n }, p->config->host.family,
				   p->echo_id, p->echo_seq))
			continue;
		finish(p, true, 0, "answered", now);
		return;
	}
}

static void ready(struct watch *w, uint32_t events, ktime now)
{
	struct probe *p = container_of(w, struct probe, watch);

	if (p->config->kind == VRRP_CHECK_PING)
		echo_ready(p, now);
	else
		stream_ready(p, events, now);
}

/* -- starting ------------------------------------------------------------------------------- */

static int start_stream(struct probe *p)
{
	const struct vrrp_script_config *c = p->config;
	struct sock_spec spec = {
		.family = c->host.family, .type = SOCK_STREAM, .device = c->bind_if
	};
	int error;

	p->watch.fd = sock_open(&spec, NULL);
	if (p->watch.fd < 0)
		return p->watch.fd;
	if (c->kind == VRRP_CHECK_HTTP)
		make_request(p);
	error = sock_connect(p->watch.fd, c->host, c->port, 0);
	p->watch.events = EPOLLOUT;
	return error == -EINPROGRESS ? 0 : error;
}

static int start_echo(struct probe *p)
{
	const struct vrrp_script_config *c = p->config;
	struct sock_tx to = { .dst = c->host };
	uint8_t packet[ECHO_LEN];
	struct sock_spec spec = {
		.family = c->host.family,
		.type = SOCK_RAW,
		.protocol = c->host.family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6,
		.device = c->bind_if,
	};
	ssize_t n;

	p->watch.fd = sock_open(&spec, NULL);
	if (p->watch.fd < 0)
		return p->watch.fd;
	p->echo_seq++;
	echo_encode(packet, c->host.family, p->echo_id, p->echo_seq);
	n = sock_send(p->watch.fd, (struct span){ packet, sizeof(packet) }, &to);
	p->watch.events = EPOLLIN;
	return n < 0 ? (int)n : 0;
}

void probe_start(struct probe *p, ktime now)
{
	p->running = true;
	p->began = now;
	p->connected = false;
	p->sent = p->n_reply = 0;
	p->error = -(p->config->kind == VRRP_CHECK_PING ? start_echo(p) : start_stream(p));
	if (p->error == 0)
		p->error = -watch_add(p->loop, &p->watch);
	timer_arm(loop_timers(p->loop), &p->deadline,
		  p->error != 0 ? now : ktime_add(now, p->config->timeout));
}

void probe_cancel(struct probe *p)
{
	close_socket(p);
	timer_cancel(&p->deadline);
	p->running = false;
}

bool probe_is_running(const struct probe *p)
{
	return p->running;
}

struct probe *probe_new(struct loop *loop, const struct vrrp_script_config *config,
			probe_done *done, void *arg)
{
	struct probe *p = xnew(struct probe);

	p->loop = loop;
	p->config = config;
	p->done = done;
	p->arg = arg;
	p->watch = (struct watch){ .fd = -1, .priority = WATCH_IDLE, .ready = ready };
	p->deadline.fire = deadline_over;
	p->echo_id = (uint16_t)(getpid() ^ (int)(config->id * 40503u));
	return p;
}

void probe_free(struct probe *p)
{
	if (p == NULL)
		return;
	probe_cancel(p);
	free(p);
}
