/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of a diagnosis: what was observed, and which keyword to change to what.
 *
 * Placeholders: %a the other router, %r our VRID, %g what it has, %e what we have, %G %E the same
 * as names of auth_type, %p its priority, %q ours, %n the number of its addresses, %N of ours, %m
 * the first address of ours that it lacks, %i our interval in seconds, %j that of the others
 * (both from hundredths), %L line of our instance.
 */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "vrrp/diagnose.h"

#define SAME_AUTH "write the same auth_type and auth_pass in authentication on both"

struct words {
	const char *because;
	const char *change;
};

/* Those that are not listed are left to the log lines of receive_text.c. */
static const struct words refusals[n_vrrp_reject] = {
	[VRRP_REJECT_LENGTH] = { "their length does not fit what they should hold",
				 "make vrrp_version, virtual_ipaddress and auth_hmac the same on "
				 "both" },
	[VRRP_REJECT_CAST] = { "one of us uses unicast_peer and the other does not",
			       "write unicast_peer on both or on neither" },
	[VRRP_REJECT_DESTINATION] = { "one of us uses unicast_peer and the other does not",
				      "write unicast_peer on both or on neither" },
	[VRRP_REJECT_AH_UNEXPECTED] = { "they carry an AH header (auth_type AH)",
					SAME_AUTH },
	[VRRP_REJECT_AH_MISSING] = { "they carry no AH header, and auth_type is AH here",
				     SAME_AUTH },
	[VRRP_REJECT_TTL] = { "their TTL is %g, not %e: they came through a router or have been "
			      "made by another program",
			      "routers that do not share a link need unicast_peer on both" },
	[VRRP_REJECT_PEER_TTL] = { "their TTL of %g is not in the range of the peer",
				   "change min_ttl and max_ttl of %a in unicast_peer, or "
				   "unicast_ttl there" },
	[VRRP_REJECT_VERSION] = { "they are of VRRP version %g, and vrrp_version is %e here",
				  "write vrrp_version %g here or vrrp_version %e there" },
	[VRRP_REJECT_HMAC_MISSING] = { "they are not signed, and auth_hmac demands it here",
				       "write auth_hmac there too, or mode permissive here" },
	[VRRP_REJECT_HMAC_NOT_PEER] = { "they are signed by a router that is not in unicast_peer",
					"write %a in unicast_peer here" },
	[VRRP_REJECT_HMAC_MALFORMED] = { "their trailer is not one of auth_hmac",
					 "run releases with the same auth_hmac on both" },
	[VRRP_REJECT_HMAC_STALE] = { "the clocks differ by %g s, more than time_window %e",
				     "set the clocks, or write anti_replay monotonic in auth_hmac "
				     "on both" },
	[VRRP_REJECT_HMAC_UNKNOWN_KEY] = { "they are signed with key %g, which is not known here",
					   "write key %g in auth_hmac here, or another active_key "
					   "there" },
	[VRRP_REJECT_HMAC_INVALID] = { "their signature does not match",
				       "write the same key in auth_hmac on both" },
	[VRRP_REJECT_HMAC_REPLAY] = { "they have been sent before",
				      "look for who repeats packets; after a clock was set back, "
				      "restart that router" },
	[VRRP_REJECT_AUTH_TYPE] = { "their auth_type %g is unknown",
				    "write the same authentication on both" },
	[VRRP_REJECT_AUTH_MISMATCH] = { "auth_type is %G there and %E here",
					SAME_AUTH },
	[VRRP_REJECT_PASSWORD] = { "auth_pass differs",
				   "write the same auth_pass in authentication on both" },
	[VRRP_REJECT_AH_ICV] = { "their AH check value does not match",
				 "write the same auth_pass in authentication on both" },
	[VRRP_REJECT_AH_SPI] = { "their AH header names another source: an address was translated",
				 "take NAT out of the way, or use auth_type PASS on both" },
	[VRRP_REJECT_AH_REPLAY] = { "their AH sequence numbers were used before",
				    "look for who repeats packets or uses the same addresses" },
	[VRRP_REJECT_INTERVAL] = { "advert_int is %g there and %e here",
				   "write advert_int %g here or advert_int %e there" },
	[VRRP_REJECT_INTERVAL_ZERO] = { "they announce an interval of 0",
					"correct advert_int there" },
	[VRRP_REJECT_CHECKSUM] = { "their checksum does not match",
				   "write the same v3_checksum_as_v2 and old_unicast_checksum on "
				   "both, and look for NAT or checksum offload" },
	[VRRP_REJECT_UNICAST_SRC] = { "it is not in unicast_peer, and check_unicast_src is on",
				      "write %a in unicast_peer here" },
};

static const char *const texts[] = {
	[VRRP_FINDING_FOREIGN] =
		"%a uses virtual_router_id %r for other addresses (%n, none of ours): write "
		"another virtual_router_id here or there",
	[VRRP_FINDING_SAME_ADDRESS] =
		"somebody sends adverts with our own source address %a and priority %p: change the "
		"address of one router, or find the loop that brings our packets back",
	[VRRP_FINDING_OWNERS] =
		"%a has priority 255 too: write priority 255 only on the router that owns the "
		"addresses",
	[VRRP_FINDING_UNHEARD] =
		"we are MASTER, and %a (priority %p, ours %q) goes on as MASTER: it does not hear "
		"our adverts or refuses them; its log says which. Compare authentication, "
		"auth_hmac and vrrp_version, and let protocol 112 (with auth_type AH 51) through "
		"firewalls",
	[VRRP_FINDING_INTERVAL] =
		"%a has advert_int %j, we have %i; its own is used while it leads: write the same "
		"advert_int on both",
	[VRRP_FINDING_ADDRESSES] =
		"%a announces %n addresses, we have %N: write the same virtual_ipaddress on both",
	[VRRP_FINDING_SILENCE] =
		"we are MASTER because no router was heard. If there is another one, look for a "
		"firewall that stops protocol 112 (with auth_type AH 51), and compare interface, "
		"virtual_router_id %r and unicast_peer",
};

struct filling {
	const struct vrrp_diagnosis *d;
	const struct vrrp_instance_config *vi;
	char *out;
	size_t size;
	size_t len;
};

static const char *auth_word(uint32_t type)
{
	switch (type) {
	case VRRP_WIRE_NONE:
		return "not used";
	case VRRP_WIRE_PASS:
		return "PASS";
	case VRRP_WIRE_AH:
		return "AH";
	}
	return "unknown";
}

static uint32_t number_of(const struct filling *f, char letter)
{
	switch (letter) {
	case 'r':
		return f->vi->vrid;
	case 'g':
		return f->d->got;
	case 'e':
		return f->d->expected;
	case 'p':
		return f->d->priority;
	case 'q':
		return f->vi->priority;
	case 'n':
		return f->d->n_addrs;
	case 'N':
		return f->vi->vips.n;
	}
	return 0;
}

static void put(struct filling *f, char letter)
{
	char *at = f->out + f->len;
	size_t room = f->size - f->len;
	char addr[ADDR_TEXT_MAX];

	switch (letter) {
	case 'a':
		(void)str_copy(at, room, addr_print(f->d->from, addr));
		break;
	case 'm':
		(void)str_copy(at, room, addr_print(f->d->missing, addr));
		break;
	case 'G':
		(void)str_copy(at, room, auth_word(f->d->got));
		break;
	case 'E':
		(void)str_copy(at, room, auth_word(f->d->expected));
		break;
	case 'i':
		(void)snprintf(at, room, "%g", kspan_seconds(f->vi->advert_every));
		break;
	case 'j':
		(void)snprintf(at, room, "%g", f->d->got / 100.0);
		break;
	default:
		(void)snprintf(at, room, "%u", number_of(f, letter));
	}
	f->len += strlen(at);
}

static void add(struct filling *f, const char *text)
{
	for (; *text != '\0' && f->len + 1 < f->size; text++) {
		if (text[0] == '%' && text[1] != '\0')
			put(f, *++text);
		else
			f->out[f->len++] = *text;
		f->out[f->len] = '\0';
	}
}

static void add_refusal(struct filling *f)
{
	const struct words *w = &refusals[f->d->reject < n_vrrp_reject ? f->d->reject : 0];

	add(f, "adverts of %a for virtual_router_id %r are refused: ");
	add(f, w->because != NULL ? w->because : vrrp_reject_text(f->d->reject));
	if (w->change == NULL)
		return;
	add(f, "; ");
	add(f, w->change);
}

static void add_finding(struct filling *f)
{
	enum vrrp_finding finding = f->d->finding;

	if (finding == VRRP_FINDING_REFUSED) {
		add_refusal(f);
		return;
	}
	if (finding < ARRAY_LEN(texts) && texts[finding] != NULL)
		add(f, texts[finding]);
	if (finding == VRRP_FINDING_ADDRESSES && addr_is_set(f->d->missing))
		add(f, " (it lacks %m)");
	if (f->d->stranger)
		add(f, "; write %a in unicast_peer here, it is not there");
}

static void add_place(struct filling *f, const struct source_map *sources)
{
	const char *file;
	unsigned line;

	if (sources == NULL || f->len + 1 >= f->size ||
	    !source_locate(sources, f->vi->object.at, &file, &line))
		return;
	(void)snprintf(f->out + f->len, f->size - f->len, " (%s:%u)", file, line);
}

const char *vrrp_diagnosis_text(const struct vrrp_diagnosis *d, const struct vrrp_diagnosed *who,
				char *buf, size_t size)
{
	struct filling f = { .d = d, .vi = who->config, .out = buf, .size = size };

	buf[0] = '\0';
	if (d->finding == VRRP_FINDING_NONE)
		return buf;
	add_finding(&f);
	add_place(&f, who->sources);
	return buf;
}
