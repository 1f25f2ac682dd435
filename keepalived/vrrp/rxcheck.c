/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Receive checks: one table of steps, run in order until one rejects.
 *
 * Bytes are taken apart by packet.c; here their content meets the configuration: how far the
 * packet may have come, who may send it, whether its timers and addresses agree with ours. What is
 * learnt from a packet is learnt by the last step only, so that a rejected one leaves no trace
 * (sequence numbers are noted by auth.c as soon as the sender has proved itself).
 *
 * Keeps nothing. The caller counts the reason and decides whether to log.
 * RFC 9568 section 7.1, RFC 3768 section 7.1.
 */
#include "vrrp/rxcheck.h"

#include <string.h>

#define ETHERNET_PAYLOAD_MIN 46

struct check {
	const struct vrrp_rx_params *params;
	const struct vrrp_rx_now *now;
	struct vrrp_rx_memory *memory;
	const struct vrrp_frame *frame;
	struct vrrp_rx_verdict *out;
	enum vrrp_checksum_form form;	/* that fitted */
};

typedef enum vrrp_reject step(struct check *);

static enum vrrp_reject reject_numbers(struct check *c, enum vrrp_reject reject, uint32_t got,
				       uint32_t expected)
{
	c->out->got = got;
	c->out->expected = expected;
	return reject;
}

static bool is_ipv4(const struct check *c)
{
	return c->params->family == AF_INET;
}

static bool uses_trailer(const struct check *c)
{
	return c->params->auth && c->params->auth->trailer != VRRP_TRAILER_OFF;
}

static bool has_trailer(const struct check *c)
{
	return uses_trailer(c) && c->out->advert.rest.len == VRRP_TRAILER_LEN;
}

/* -- is it ours ---------------------------------------------------------------------------- */

static enum vrrp_reject check_vrid(struct check *c)
{
	if (c->frame->vrid != c->params->vrid)
		return reject_numbers(c, VRRP_REJECT_VRID, c->frame->vrid, c->params->vrid);
	return VRRP_ACCEPT;
}

static enum vrrp_reject check_active(struct check *c)
{
	return c->now->active ? VRRP_ACCEPT : VRRP_REJECT_INACTIVE;
}

static bool cast_is_wrong(const struct check *c)
{
	return addr_is_multicast(c->frame->dst) != c->params->multicast;
}

/** IPv6 only; IPv4 has its place further down, where it is an error of the address list. */
static enum vrrp_reject check_cast(struct check *c)
{
	return !is_ipv4(c) && cast_is_wrong(c) ? VRRP_REJECT_CAST : VRRP_ACCEPT;
}

static bool wants_ah(const struct check *c)
{
	return is_ipv4(c) && c->params->version == 2 && c->params->auth &&
	       c->params->auth->type == VRRP_WIRE_AH;
}

static enum vrrp_reject check_ah_presence(struct check *c)
{
	if (c->frame->has_ah == wants_ah(c))
		return VRRP_ACCEPT;
	return c->frame->has_ah ? VRRP_REJECT_AH_UNEXPECTED : VRRP_REJECT_AH_MISSING;
}

/* -- shape --------------------------------------------------------------------------------- */

/** Bytes that the link may have added to reach its minimum, less the room that VLAN tags took. */
static bool is_padding(const struct check *c, size_t excess)
{
	size_t ip_len = c->frame->payload_at + c->out->advert.body.len;

	return is_ipv4(c) && ip_len < ETHERNET_PAYLOAD_MIN && excess % 4 == 2;
}

/** A packet of another version is left to check_version(), which has the better reason. */
static enum vrrp_reject check_length(struct check *c)
{
	struct vrrp_advert *ad = &c->out->advert;
	enum vrrp_reject reject = vrrp_decode(c->frame->payload, c->params->family, ad);

	if (ad->version != c->params->version)
		return VRRP_ACCEPT;
	if (reject)
		return reject_numbers(c, reject, (uint32_t)c->frame->payload.len, 0);
	if (!ad->rest.len || has_trailer(c) || is_padding(c, ad->rest.len))
		return VRRP_ACCEPT;
	return reject_numbers(c, VRRP_REJECT_LENGTH, (uint32_t)c->frame->payload.len,
			      (uint32_t)ad->body.len);
}

static enum vrrp_reject check_ttl(struct check *c)
{
	if (c->params->multicast && c->frame->ttl != 255)
		return reject_numbers(c, VRRP_REJECT_TTL, c->frame->ttl, 255);
	return VRRP_ACCEPT;
}

static enum vrrp_reject check_version(struct check *c)
{
	if (c->out->advert.version != c->params->version)
		return reject_numbers(c, VRRP_REJECT_VERSION, c->out->advert.version,
				      c->params->version);
	return VRRP_ACCEPT;
}

/* -- authentication ------------------------------------------------------------------------ */

static enum vrrp_reject hmac_numbers(struct check *c, enum vrrp_reject reject)
{
	int64_t skew = c->out->auth.skew_s;

	if (reject == VRRP_REJECT_HMAC_STALE)
		return reject_numbers(c, reject, (uint32_t)(skew < 0 ? -skew : skew),
				      (uint32_t)kspan_sec(c->params->auth->time_window));
	if (reject == VRRP_REJECT_HMAC_UNKNOWN_KEY)
		return reject_numbers(c, reject, c->out->auth.key_id, 0);
	return reject;
}

static enum vrrp_reject check_hmac(struct check *c)
{
	struct vrrp_hmac_input in = {
		.advert = &c->out->advert,
		.src = c->frame->src,
		.is_peer = c->params->multicast || c->out->peer >= 0,
	};
	enum vrrp_reject reject;

	if (!uses_trailer(c))
		return VRRP_ACCEPT;
	if (!c->memory->auth)
		return VRRP_REJECT_HMAC_INVALID;	/* never open by mistake */
	if (has_trailer(c))
		in.trailer = c->out->advert.rest;
	reject = vrrp_auth_open_hmac(c->memory->auth, c->params->auth, &in, c->now->wall_ns,
				     &c->out->auth);
	return hmac_numbers(c, reject);
}

static enum vrrp_reject check_v2_auth(struct check *c)
{
	if (c->params->version != 2)
		return VRRP_ACCEPT;
	return reject_numbers(c, vrrp_auth_check_v2(c->params->auth, &c->out->advert),
			      c->out->advert.auth_type,
			      c->params->auth ? c->params->auth->type : VRRP_WIRE_NONE);
}

static enum vrrp_reject check_ah(struct check *c)
{
	if (!wants_ah(c))
		return VRRP_ACCEPT;
	if (!c->memory->auth)
		return VRRP_REJECT_AH_ICV;
	return vrrp_auth_open_ah(c->memory->auth, c->params->auth, c->frame, c->params->multicast);
}

/* -- content ------------------------------------------------------------------------------- */

static uint32_t interval_number(const struct check *c, kspan every)
{
	return (uint32_t)(every.ns / (c->params->version == 2 ? SEC(1).ns : CENTISEC(1).ns));
}

static enum vrrp_reject check_v2_interval(struct check *c)
{
	kspan theirs = c->out->advert.every;

	if (c->params->version == 2 && theirs.ns != c->params->every.ns)
		return reject_numbers(c, VRRP_REJECT_INTERVAL, interval_number(c, theirs),
				      interval_number(c, c->params->every));
	return VRRP_ACCEPT;
}

static enum vrrp_reject check_type(struct check *c)
{
	if (c->out->advert.type != VRRP_TYPE_ADVERT)
		return reject_numbers(c, VRRP_REJECT_TYPE, c->out->advert.type, VRRP_TYPE_ADVERT);
	return VRRP_ACCEPT;
}

static enum vrrp_reject check_ip_length(struct check *c)
{
	size_t received = c->frame->datagram.len;
	size_t claimed = c->frame->ip_len;

	if (!is_ipv4(c) || claimed == received)
		return VRRP_ACCEPT;
	if (claimed < received && claimed == c->frame->payload_at + c->out->advert.body.len &&
	    is_padding(c, received - claimed))
		return VRRP_ACCEPT;
	return reject_numbers(c, VRRP_REJECT_IP_LENGTH, (uint32_t)received, (uint32_t)claimed);
}

/** RFC 9568 section 7.1: a difference is logged, the master's interval is used. But 0 is none. */
static enum vrrp_reject check_v3_interval(struct check *c)
{
	kspan theirs = c->out->advert.every;

	if (c->params->version != 3)
		return VRRP_ACCEPT;
	if (kspan_is_zero(theirs))
		return VRRP_REJECT_INTERVAL_ZERO;
	if (theirs.ns != c->params->every.ns) {
		c->out->warnings |= VRRP_RX_WARN_INTERVAL;
		(void)reject_numbers(c, VRRP_ACCEPT, interval_number(c, theirs),
				     interval_number(c, c->params->every));
	}
	return VRRP_ACCEPT;
}

/** The old form is heard from peers that are configured, and never beside a trailer. */
static bool may_be_old_form(const struct check *c)
{
	bool allowed = c->params->checksum == VRRP_SUM_MODE_AUTO ||
		       c->params->checksum == VRRP_SUM_MODE_OLD;

	return allowed && !c->params->multicast && c->out->peer >= 0 && !uses_trailer(c);
}

static bool sum_fits(struct check *c, enum vrrp_checksum_form form)
{
	const struct addr *dst = form == VRRP_SUM_OLD ? &c->params->group : &c->frame->dst;

	c->form = form;
	return vrrp_checksum_ok(c->out->advert.body, c->params->version, form, &c->frame->src, dst);
}

/**
 * keepalived 2.4 with v3_checksum_as_v2 corrects the sum for its second and later peers as if the
 * destination were covered. It must be understood, or both would be MASTER: fits the sum as if
 * the destination had been changed from another peer of ours to us?
 */
static bool sum_fits_2_4(struct check *c)
{
	struct span body = c->out->advert.body;

	if (c->params->multicast || c->out->peer < 0)
		return false;
	for (unsigned i = 0; i < c->params->n_peers; i++) {
		if (vrrp_checksum_moved_ok(body, &c->params->peers[i].addr, &c->frame->dst))
			return true;
	}
	return false;
}

/** IPv6 sums are the kernel's business. */
static enum vrrp_reject check_checksum(struct check *c)
{
	if (!is_ipv4(c) || sum_fits(c, VRRP_SUM_STANDARD))
		return VRRP_ACCEPT;
	if (c->params->version != 3)
		return VRRP_REJECT_CHECKSUM;
	if (c->params->checksum == VRRP_SUM_MODE_AS_V2 &&
	    (sum_fits(c, VRRP_SUM_AS_V2) || sum_fits_2_4(c)))
		return VRRP_ACCEPT;
	if (may_be_old_form(c) && sum_fits(c, VRRP_SUM_OLD))
		return VRRP_ACCEPT;
	return VRRP_REJECT_CHECKSUM;
}

static enum vrrp_reject check_destination(struct check *c)
{
	return cast_is_wrong(c) ? VRRP_REJECT_DESTINATION : VRRP_ACCEPT;
}

static enum vrrp_reject check_owner(struct check *c)
{
	return c->params->owner_ignore_adverts && c->now->priority == VRRP_PRIORITY_OWNER ?
		       VRRP_REJECT_OWNER :
		       VRRP_ACCEPT;
}

/** Lists are normally in the same order; where they are not, the whole of theirs is searched. */
static bool is_advertised(const struct check *c, unsigned i)
{
	const struct vrrp_advert *ad = &c->out->advert;
	const struct addr *ours = &c->params->addrs[i];
	size_t len = addr_size(*ours);

	if (len * ad->n_addrs != ad->addrs.len)
		return false;
	if (i < ad->n_addrs && !memcmp(ad->addrs.data + i * len, ours->bytes, len))
		return true;
	for (unsigned j = 0; j < ad->n_addrs; j++) {
		if (!memcmp(ad->addrs.data + j * len, ours->bytes, len))
			return true;
	}
	return false;
}

/** Never a reason to reject: an operator adding an address changes one router at a time. */
static enum vrrp_reject check_addrs(struct check *c)
{
	if (c->out->advert.n_addrs != c->params->n_addrs)
		c->out->warnings |= VRRP_RX_WARN_COUNT;
	if (!c->now->master && c->params->skip_check_addrs &&
	    addr_equal(c->frame->src, c->now->master_addr))
		return VRRP_ACCEPT;
	for (unsigned i = 0; i < c->params->n_addrs; i++) {
		if (is_advertised(c, i))
			continue;
		c->out->warnings |= VRRP_RX_WARN_ADDR;
		c->out->missing = c->params->addrs[i];
		break;
	}
	return VRRP_ACCEPT;
}

static enum vrrp_reject check_peer(struct check *c)
{
	const struct vrrp_peer *peer;

	if (c->params->multicast || !c->params->check_unicast_src)
		return VRRP_ACCEPT;
	if (c->out->peer < 0)
		return VRRP_REJECT_UNICAST_SRC;
	peer = &c->params->peers[c->out->peer];
	if (c->frame->ttl < peer->min_ttl)
		return reject_numbers(c, VRRP_REJECT_PEER_TTL, c->frame->ttl, peer->min_ttl);
	if (c->frame->ttl > peer->max_ttl)
		return reject_numbers(c, VRRP_REJECT_PEER_TTL, c->frame->ttl, peer->max_ttl);
	return VRRP_ACCEPT;
}

/** Which form does this peer use? One packet is not enough to believe in the old one. */
static enum vrrp_reject learn_form(struct check *c)
{
	struct vrrp_peer_memory *m;

	if (c->out->auth.skew_warning)
		c->out->warnings |= VRRP_RX_WARN_SKEW;
	if (!is_ipv4(c) || c->params->version != 3 || c->out->peer < 0 || !c->memory->peers ||
	    c->params->checksum != VRRP_SUM_MODE_AUTO)
		return VRRP_ACCEPT;
	m = &c->memory->peers[c->out->peer];
	if (c->form != VRRP_SUM_OLD) {
		if (m->old_checksum)
			c->out->warnings |= VRRP_RX_NOTE_NEW_FORM;
		*m = (struct vrrp_peer_memory){ 0 };
	} else if (!m->old_checksum && ++m->old_seen >= VRRP_OLD_SUM_ADVERTS) {
		m->old_checksum = true;
		c->out->warnings |= VRRP_RX_NOTE_OLD_FORM;
	}
	return VRRP_ACCEPT;
}

static step *const steps[] = {
	check_vrid,	   check_active,   check_cast,	      check_ah_presence,
	check_length,	   check_ttl,	   check_version,     check_hmac,
	check_v2_auth,	   check_ah,	   check_v2_interval, check_type,
	check_ip_length,   check_v3_interval, check_checksum, check_destination,
	check_owner,	   check_addrs,	   check_peer,	      learn_form,
};

static int find_peer(const struct vrrp_rx_params *params, const struct addr *src)
{
	for (unsigned i = 0; i < params->n_peers; i++) {
		if (addr_equal(params->peers[i].addr, *src))
			return (int)i;
	}
	return -1;
}

void vrrp_rxcheck(const struct vrrp_rx_params *params, const struct vrrp_rx_now *now,
		  struct vrrp_rx_memory *memory, const struct vrrp_frame *frame,
		  struct vrrp_rx_verdict *out)
{
	struct check c = {
		.params = params,
		.now = now,
		.memory = memory,
		.frame = frame,
		.out = out,
	};

	*out = (struct vrrp_rx_verdict){ .peer = find_peer(params, &frame->src) };
	for (size_t i = 0; i < ARRAY_LEN(steps) && out->reject == VRRP_ACCEPT; i++)
		out->reject = steps[i](&c);
}

enum vrrp_checksum_form vrrp_checksum_form_to(const struct vrrp_rx_params *params,
					      const struct vrrp_rx_memory *memory, int peer)
{
	if (params->version != 3 || params->family != AF_INET)
		return VRRP_SUM_STANDARD;
	switch ((enum vrrp_checksum_mode)params->checksum) {
	case VRRP_SUM_MODE_NEVER:
		break;
	case VRRP_SUM_MODE_AS_V2:
		return VRRP_SUM_AS_V2;
	case VRRP_SUM_MODE_OLD:
		return peer >= 0 ? VRRP_SUM_OLD : VRRP_SUM_STANDARD;
	case VRRP_SUM_MODE_AUTO:
		if (peer >= 0 && memory->peers && memory->peers[peer].old_checksum)
			return VRRP_SUM_OLD;
		break;
	}
	return VRRP_SUM_STANDARD;
}
