/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames in hexadecimal in, what they say out; then each is written anew from what was read and
 * must be the same bytes.
 *
 * Usage: vrrp_wire FILE.hex. Password and key are those of the collection.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "vrrp/arpnd.h"
#include "vrrp/auth.h"
#include "vrrp/auth_crypto.inc"
#include "vrrp/packet.h"

#define FRAME_MAX   2048
#define ETHER_LEN   14
#define IPV6_LEN    40
#define MAC_OF_SENDER_AT 6

static const uint8_t hmac_key[32] = { 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
				      11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
				      22, 23, 24, 25, 26, 27, 28, 29, 30, 31 };
static const struct vrrp_auth_key keys[] = { { 1, { hmac_key, sizeof(hmac_key) } } };
static const char *const form_names[] = { "standard", "as version 2", "old unicast" };

struct frame {
	uint8_t bytes[FRAME_MAX];
	size_t len;
};

static bool parse_hex(const char *line, struct frame *f)
{
	f->len = 0;
	for (const char *p = line; p[0] && p[0] != '\n'; p += 2) {
		char pair[3] = { p[0], p[1], 0 };
		uint64_t byte;

		if (f->len == FRAME_MAX || num_parse_u64(pair, 16, 0, 255, &byte) != NUM_OK)
			return false;
		f->bytes[f->len++] = (uint8_t)byte;
	}
	return true;
}

/* -- link updates -------------------------------------------------------------------------- */

static struct mac sender_of(const struct frame *f)
{
	struct mac mac = { .len = 6 };

	memcpy(mac.bytes, f->bytes + MAC_OF_SENDER_AT, 6);
	return mac;
}

static void say_same(const uint8_t *again, size_t again_len, const uint8_t *bytes, size_t len)
{
	bool same = again_len == len && !memcmp(again, bytes, len);

	printf("  written anew: %s\n", same ? "the same bytes" : "DIFFERENT");
	for (size_t i = 0; !same && i < again_len; i++)
		printf("%02x%s", again[i], i + 1 == again_len ? "\n" : "");
}

static void show_garp(const struct frame *f)
{
	struct mac mac = sender_of(f);
	struct addr ip = addr_of_bytes(AF_INET, f->bytes + 28);
	uint8_t again[GARP_FRAME_MAX];
	char text[MAC_TEXT_MAX];
	char ip_text[ADDR_TEXT_MAX];

	printf("gratuitous ARP: %s is at %s\n", addr_print(ip, ip_text), mac_print(&mac, text));
	say_same(again, garp_encode(again, sizeof(again), &mac, ip), f->bytes, f->len);
}

static void show_na(const struct frame *f)
{
	struct mac mac = sender_of(f);
	struct addr ip = addr_of_bytes(AF_INET6, f->bytes + ETHER_LEN + IPV6_LEN + 8);
	bool router = f->bytes[ETHER_LEN + IPV6_LEN + 4] & 0x80;
	uint8_t again[NA_FRAME_MAX];
	char text[MAC_TEXT_MAX];
	char ip_text[ADDR_TEXT_MAX];

	printf("neighbour advertisement: %s is at %s%s\n", addr_print(ip, ip_text),
	       mac_print(&mac, text), router ? ", a router" : "");
	say_same(again, na_encode(again, sizeof(again), &mac, ip, router), f->bytes, f->len);
}

/* -- adverts ------------------------------------------------------------------------------- */

struct decoded {
	struct vrrp_frame frame;
	struct vrrp_advert advert;
	int family;
	enum vrrp_checksum_form form;
	bool sum_ok;
};

/** The form that fits; standard if none does. */
static void find_form(struct decoded *d, const struct addr *group)
{
	const struct vrrp_frame *f = &d->frame;

	if (d->family == AF_INET6) {
		d->sum_ok = vrrp_checksum_ipv6(f->payload, &f->src, &f->dst) == 0;
		return;
	}
	for (int form = VRRP_SUM_STANDARD; form <= (int)VRRP_SUM_OLD && !d->sum_ok; form++) {
		bool old = form == (int)VRRP_SUM_OLD;

		d->form = (enum vrrp_checksum_form)form;
		d->sum_ok = vrrp_checksum_ok(d->advert.body, d->advert.version, d->form, &f->src,
					     old ? group : &f->dst);
	}
}

static void show_advert(const struct decoded *d)
{
	const struct vrrp_frame *f = &d->frame;
	const struct vrrp_advert *ad = &d->advert;
	char src[ADDR_TEXT_MAX], dst[ADDR_TEXT_MAX];

	printf("VRRPv%u %s -> %s ttl %u vrid %u priority %u every %" PRId64 " ms\n", ad->version,
	       addr_print(f->src, src), addr_print(f->dst, dst), f->ttl, ad->vrid, ad->priority,
	       kspan_msec(ad->every));
	for (unsigned i = 0; i < ad->n_addrs; i++)
		printf("  address %s\n", addr_print(vrrp_advert_addr(ad, i, d->family), src));
	if (d->sum_ok)
		printf("  checksum %04x %s\n", ad->checksum, form_names[d->form]);
	else
		printf("  checksum %04x WRONG\n", ad->checksum);
}

static struct vrrp_auth_params params_of(const struct decoded *d)
{
	static const struct vrrp_crypto crypto = VRRP_CRYPTO_LINKED;
	struct vrrp_auth_params p = {
		.crypto = &crypto,
		.type = (enum vrrp_wire_auth)d->advert.auth_type,
		.password = "s3cr3t",
		.trailer = VRRP_TRAILER_ENFORCE,
		.keys = keys,
		.n_keys = 1,
		.active_key = 1,
		.time_window = SEC(5),
	};

	return p;
}

/** Says what protects the advert, and takes its numbers for writing it anew. */
static void open_advert(const struct decoded *d, const struct vrrp_auth_params *params,
			struct vrrp_seal *seal)
{
	struct vrrp_hmac_input in = { .advert = &d->advert, .src = d->frame.src, .is_peer = true };
	struct vrrp_auth_result result;
	enum vrrp_reject reject;
	struct vrrp_auth auth;

	vrrp_auth_init(&auth);
	if (d->advert.version == 2)
		printf("  auth type %u: %s\n", d->advert.auth_type,
		       vrrp_reject_name(vrrp_auth_check_v2(params, &d->advert)));
	if (d->frame.has_ah) {
		reject = vrrp_auth_open_ah(&auth, params, &d->frame,
					   addr_is_multicast(d->frame.dst));
		seal->ah_sequence = d->frame.ah_sequence;
		printf("  AH sequence %u: %s\n", seal->ah_sequence, vrrp_reject_name(reject));
	}
	if (d->advert.rest.len == VRRP_TRAILER_LEN) {
		struct reader r = reader_of(d->advert.rest);

		read_skip(&r, 4);
		seal->hmac_sequence = read_u64(&r);
		in.trailer = d->advert.rest;
		reject = vrrp_auth_open_hmac(&auth, params, &in,
					     (int64_t)(seal->hmac_sequence >> 32) * 1000000000,
					     &result);
		printf("  trailer key %u sequence %016" PRIx64 ": %s\n", result.key_id,
		       seal->hmac_sequence, vrrp_reject_name(reject));
	}
	vrrp_auth_fini(&auth);
}

static struct vrrp_outgoing outgoing_of(const struct decoded *d, struct addr *addrs,
					const struct addr *group)
{
	struct vrrp_outgoing o = {
		.version = d->advert.version,
		.family = (uint8_t)d->family,
		.vrid = d->advert.vrid,
		.priority = d->advert.priority,
		.every = d->advert.every,
		.src = d->frame.src,
		.dst = d->frame.dst,
		.group = *group,
		.ttl = d->frame.ttl,
		.addrs = addrs,
		.n_addrs = d->advert.n_addrs,
		.auth_type = (enum vrrp_wire_auth)d->advert.auth_type,
		.trailer = d->advert.rest.len == VRRP_TRAILER_LEN,
		.checksum = d->form,
		.password = "s3cr3t",
	};

	for (unsigned i = 0; i < o.n_addrs; i++)
		addrs[i] = vrrp_advert_addr(&d->advert, i, d->family);
	if (d->family == AF_INET)
		o.ip_id = (uint16_t)(d->frame.datagram.data[4] << 8 | d->frame.datagram.data[5]);
	return o;
}

/** What the kernel adds: checksums of IPv4 headers and of IPv6 payloads. */
static void finish(const struct vrrp_outgoing *o, uint8_t *bytes, size_t len)
{
	size_t at = o->family == AF_INET ? 10 : 6;
	uint16_t sum = o->family == AF_INET ?
			       checksum_finish(checksum_add(
				       0, (struct span){ bytes, VRRP_IP_HEADER_LEN })) :
			       vrrp_checksum_ipv6((struct span){ bytes, len }, &o->src, &o->dst);

	bytes[at] = (uint8_t)(sum >> 8);
	bytes[at + 1] = (uint8_t)sum;
}

static void show_vrrp(struct decoded *d)
{
	struct vrrp_auth_params params;
	struct addr addrs[VRRP_ADDRS_MAX], group;
	uint8_t again[VRRP_DATAGRAM_MAX];
	struct vrrp_seal seal = { 0 };
	struct vrrp_outgoing o;
	enum vrrp_reject reject = vrrp_decode(d->frame.payload, d->family, &d->advert);
	size_t len;

	if (reject) {
		printf("rejected: %s\n", vrrp_reject_name(reject));
		return;
	}
	(void)addr_parse("224.0.0.18", &group);
	find_form(d, &group);
	show_advert(d);
	params = params_of(d);
	open_advert(d, &params, &seal);
	o = outgoing_of(d, addrs, &group);
	len = vrrp_encode(&o, again, sizeof(again));
	if (!len || vrrp_auth_seal(&params, &seal, &o, again, len)) {
		printf("  cannot be written\n");
		return;
	}
	finish(&o, again, len);
	if (d->sum_ok)
		say_same(again, len, d->frame.datagram.data, d->frame.datagram.len);
}

static void show(const struct frame *f)
{
	uint16_t type = (uint16_t)(f->bytes[12] << 8 | f->bytes[13]);
	const uint8_t *ip = f->bytes + ETHER_LEN;
	struct decoded d = { .family = type == 0x0800 ? AF_INET : AF_INET6 };
	enum vrrp_reject reject;

	if (type == 0x0806) {
		show_garp(f);
		return;
	}
	if (type == 0x86dd && ip[6] == IPPROTO_ICMPV6) {
		show_na(f);
		return;
	}
	if (type == 0x0800)
		reject = vrrp_frame_of_ipv4((struct span){ ip, f->len - ETHER_LEN }, &d.frame);
	else
		reject = vrrp_frame_of_ipv6(
			(struct span){ ip + IPV6_LEN, f->len - ETHER_LEN - IPV6_LEN },
			addr_of_bytes(AF_INET6, ip + 8), addr_of_bytes(AF_INET6, ip + 24), ip[7],
			&d.frame);
	if (reject)
		printf("rejected: %s\n", vrrp_reject_name(reject));
	else
		show_vrrp(&d);
}

int main(int argc, char **argv)
{
	FILE *in = argc == 2 ? fopen(argv[1], "r") : NULL;
	char line[2 * FRAME_MAX + 2];
	struct frame f;

	if (!in)
		return 2;
	while (fgets(line, sizeof(line), in)) {
		if (line[0] == '#')
			printf("%s", line);
		else if (parse_hex(line, &f) && f.len > ETHER_LEN + VRRP_IP_HEADER_LEN)
			show(&f);
	}
	fclose(in);
	return 0;
}
