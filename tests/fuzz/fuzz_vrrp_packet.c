/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any datagram into any VRRP instance: frame, receive checks, authentication, state machine.
 *
 * Two bytes choose the instance (see setup_of()), the rest is what a raw socket would give. What is
 * accepted must be what it claims to be.
 */
#include <stdlib.h>
#include <string.h>

#include "vrrp/auth_crypto.inc"
#include "vrrp/fsm.h"
#include "vrrp/rxcheck.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW_NS (INT64_C(0x6b03de8a) * 1000000000)	/* when the examples were recorded */
#define N_VIPS 2

static const uint8_t hmac_key[32] = { 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
				      11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
				      22, 23, 24, 25, 26, 27, 28, 29, 30, 31 };
static const struct vrrp_crypto crypto = VRRP_CRYPTO_LINKED;
static const struct vrrp_auth_key keys[] = { { 1, { hmac_key, sizeof(hmac_key) } } };

struct setup {
	struct addr vips[N_VIPS];
	struct vrrp_peer peers[2];
	struct vrrp_auth_params auth;
	struct vrrp_rx_params rx;
	struct vrrp_rx_now now;
	struct addr src, dst;	/* IPv6 */
};

static struct addr addr(const char *text)
{
	struct addr a = { 0 };

	(void)addr_parse(text, &a);
	return a;
}

static void choose_addresses(struct setup *s)
{
	bool v6 = s->rx.family == AF_INET6;

	s->vips[0] = addr(v6 ? "fe80::100" : "10.1.0.100");
	s->vips[1] = addr(v6 ? "2001:db8::100" : "10.1.0.101");
	s->peers[0] = (struct vrrp_peer){ addr(v6 ? "2001:db8::1" : "10.1.0.1"), 0, 255 };
	s->peers[1] = (struct vrrp_peer){ addr(v6 ? "2001:db8::3" : "10.1.0.3"), 200, 254 };
	s->src = s->rx.multicast ? addr("fe80::ff:fe00:1") : addr("2001:db8::1");
	s->dst = s->rx.multicast ? addr("ff02::12") : addr("2001:db8::2");
	s->rx.group = addr("224.0.0.18");
	s->rx.addrs = s->vips;
	s->rx.n_addrs = v6 ? 2 : 1;
	s->rx.peers = s->peers;
	s->rx.n_peers = s->rx.multicast ? 0 : 2;
}

/** Bits of @a: 0 version 3, 1 IPv6, 2 unicast, 3-4 authentication, 5-6 checksum mode, 7 sources are
 *  checked. Of @b: 0 MASTER, 1 owner that ignores, 2 list of a known sender is skipped, 3 half a
 *  second. */
static void setup_of(struct setup *s, uint8_t a, uint8_t b)
{
	*s = (struct setup){ .auth = { .crypto = &crypto,
				       .password = "s3cr3t",
				       .keys = keys,
				       .n_keys = 1,
				       .active_key = 1,
				       .time_window = SEC(300) } };
	s->rx = (struct vrrp_rx_params){
		.version = a & 1 ? 3 : 2,
		.family = a & 2 ? AF_INET6 : AF_INET,
		.vrid = 51,
		.multicast = !(a & 4),
		.checksum = (enum vrrp_checksum_mode)(a >> 5 & 3),
		.check_unicast_src = a & 0x80,
		.owner_ignore_adverts = b & 2,
		.skip_check_addrs = b & 4,
		.every = b & 8 ? MSEC(500) : SEC(1),
		.auth = &s->auth,
	};
	s->auth.type = (a >> 3 & 3) < 3 ? (enum vrrp_wire_auth)(a >> 3 & 3) : VRRP_WIRE_NONE;
	s->auth.trailer = (a >> 3 & 3) == 3 ? VRRP_TRAILER_ENFORCE : VRRP_TRAILER_OFF;
	s->now = (struct vrrp_rx_now){
		.active = true,
		.master = b & 1,
		.priority = b & 2 ? 255 : 100,
		.wall_ns = NOW_NS,
	};
	choose_addresses(s);
}

static void must(bool condition)
{
	if (!condition)
		abort();
}

static void look_at(const struct setup *s, const struct vrrp_frame *f,
		    const struct vrrp_rx_verdict *v)
{
	const struct vrrp_advert *ad = &v->advert;
	size_t addr_len = s->rx.family == AF_INET6 ? 16 : 4;

	must(ad->version == s->rx.version && ad->type == 1 && ad->vrid == 51);
	must(ad->every.ns > 0 && ad->every.ns <= VRRP_EVERY_MAX_V2.ns);
	must(ad->addrs.len == ad->n_addrs * addr_len);
	must(ad->body.data == f->payload.data && ad->body.len <= f->payload.len);
	must(s->auth.trailer == VRRP_TRAILER_OFF || v->auth.authenticated);
	for (unsigned i = 0; i < ad->n_addrs; i++)
		must(addr_is_set(vrrp_advert_addr(ad, i, s->rx.family)));
}

static void step(const struct setup *s, const struct vrrp_frame *f, const struct vrrp_advert *ad,
		 bool master)
{
	struct vrrp_params params = { .version = s->rx.version, .priority = s->now.priority,
				      .every = s->rx.every, .down_timer_adverts = 3,
				      .preempt = true, .src = addr("10.1.0.2") };
	struct vrrp_event ev = { .type = VRRP_EV_START, .cause = { .type = CAUSE_START } };
	struct vrrp_actions actions;
	struct vrrp_fsm m;

	vrrp_fsm_init(&m, &params);
	vrrp_fsm_step(&m, &ev, (ktime){ 1 }, &actions);
	ev.type = VRRP_EV_TIMER;
	if (master)
		vrrp_fsm_step(&m, &ev, m.deadline, &actions);
	ev = (struct vrrp_event){ .type = VRRP_EV_ADVERT, .rx = { ad, f->src } };
	vrrp_fsm_step(&m, &ev, m.since, &actions);
	must(m.state == VRRP_STATE_BACKUP || m.state == VRRP_STATE_MASTER);
	must(!ktime_is_never(m.deadline) && !ktime_before(m.deadline, m.since));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vrrp_peer_memory peer_memory[2] = { 0 };
	struct vrrp_auth auth;
	struct vrrp_rx_memory memory = { &auth, peer_memory };
	struct vrrp_rx_verdict verdict;
	struct vrrp_frame frame;
	enum vrrp_reject reject;
	struct setup s;
	struct span in;

	if (size < 2)
		return 0;
	setup_of(&s, data[0], data[1]);
	in = (struct span){ data + 2, size - 2 };
	if (s.rx.family == AF_INET)
		reject = vrrp_frame_of_ipv4(in, &frame);
	else
		reject = vrrp_frame_of_ipv6(in, s.src, s.dst, 255, &frame);
	if (reject)
		return 0;
	vrrp_auth_init(&auth);
	for (unsigned i = 0; i < 4; i++) {
		vrrp_rxcheck(&s.rx, &s.now, &memory, &frame, &verdict);
		must((unsigned)verdict.reject < n_vrrp_reject);
		if (verdict.reject)
			continue;
		must(i == 0 || (!frame.has_ah && s.auth.trailer == VRRP_TRAILER_OFF));
		look_at(&s, &frame, &verdict);
		step(&s, &frame, &verdict.advert, s.now.master);
	}
	vrrp_auth_fini(&auth);
	return 0;
}
