/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words for received adverts that are not used. They are matched by people's tools, so they
 * are those of earlier releases where there was a line.
 */
#include "vrrp/receive_text.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

/* Placeholders: %a sender, %g what was received, %e what was expected. */
static const char *const reject_texts[] = {
	[VRRP_REJECT_TRUNCATED] = "message from %a truncated",
	[VRRP_REJECT_SHORT] = "vrrp packet from %a too short, length %g and expect %e",
	[VRRP_REJECT_LENGTH] = "vrrp packet from %a too short or long, length %g and expect %e",
	[VRRP_REJECT_IP_LENGTH] =
		"ip_tot_len mismatch against received length from %a. Received %g and expect %e",
	[VRRP_REJECT_CAST] = "discarding packet from %a: unicast or multicast does not fit",
	[VRRP_REJECT_AH_UNEXPECTED] = "Received AH header from %a but auth type not AH",
	[VRRP_REJECT_AH_MISSING] = "No AH header from %a but auth type is AH",
	[VRRP_REJECT_TTL] = "invalid TTL/HL from %a. Received %g and expect %e",
	[VRRP_REJECT_VERSION] = "wrong VRRP version from %a. Received %g and expect %e",
	[VRRP_REJECT_HMAC_MISSING] = "missing authentication trailer from %a",
	[VRRP_REJECT_HMAC_NOT_PEER] = "unicast source address %a not a unicast peer",
	[VRRP_REJECT_HMAC_MALFORMED] = "malformed authentication trailer from %a",
	[VRRP_REJECT_HMAC_STALE] =
		"stale authentication trailer from %a, clock skew %s sec exceeds window %e sec",
	[VRRP_REJECT_HMAC_UNKNOWN_KEY] = "unknown authentication key id %k from %a",
	[VRRP_REJECT_HMAC_INVALID] = "invalid authentication HMAC from %a",
	[VRRP_REJECT_HMAC_REPLAY] = "replayed authentication trailer from %a",
	[VRRP_REJECT_AUTH_TYPE] = "Invalid auth type from %a: %g",
	[VRRP_REJECT_AUTH_MISMATCH] = "received a %g auth from %a, expecting %e!",
	[VRRP_REJECT_PASSWORD] = "received an invalid passwd from %a!",
	[VRRP_REJECT_AH_NEXT_HEADER] = "IPSEC AH : invalid next header from %a",
	[VRRP_REJECT_AH_ICV] = "IPSEC AH : invalid IPSEC HMAC-MD5 value from %a",
	[VRRP_REJECT_AH_SPI] = "IPSEC AH : invalid IPSEC SPI value from %a",
	[VRRP_REJECT_AH_REPLAY] = "IPSEC AH : sequence number from %a already processed",
	[VRRP_REJECT_INTERVAL] =
		"advertisement interval mismatch with %a mine=%e sec rcv'd=%g sec",
	[VRRP_REJECT_INTERVAL_ZERO] = "advertisement interval 0 from %a",
	[VRRP_REJECT_TYPE] = "Invalid packet type from %a. %g and expect %e",
	[VRRP_REJECT_CHECKSUM] = "Invalid VRRPv%v checksum from %a",
	[VRRP_REJECT_DESTINATION] = "Expected %c packet from %a",
	[VRRP_REJECT_OWNER] = "Dropping packet(s) from %a since we are address owner",
	[VRRP_REJECT_UNICAST_SRC] = "unicast source address %a not a unicast peer",
	[VRRP_REJECT_PEER_TTL] = "TTL/HL %g from %a not in the range of the peer",
};

static const char *warning_text(unsigned warning)
{
	switch (warning) {
	case VRRP_RX_WARN_INTERVAL:
		return "advertisement interval mismatch ours = %i centi-sec rcv'd=%j centi-sec "
		       "from %a";
	case VRRP_RX_WARN_COUNT:
		return "expected %n VIPs but received %m from %a";
	case VRRP_RX_WARN_ADDR:
		return "ip address associated with VRID %r not present in advert from %a: %x";
	case VRRP_RX_WARN_SKEW:
		return "authentication clock skew %s sec from %a approaching window";
	case VRRP_RX_NOTE_OLD_FORM:
		return "Setting unicast VRRPv3 checksum to old version for %a";
	case VRRP_RX_NOTE_NEW_FORM:
		return "Setting unicast VRRPv3 checksum to new version for %a";
	}
	return "";
}

static int64_t number_of(const struct receive_case *f, char letter)
{
	const struct vrrp_rx_verdict *v = f->verdict;

	switch (letter) {
	case 'g':
		return v->got;
	case 'e':
		return v->expected;
	case 's':
		return v->auth.skew_s;
	case 'k':
		return v->auth.key_id;
	case 'v':
		return v->advert.version;
	case 'i':
		return f->params->every.ns / CENTISEC(1).ns;
	case 'j':
		return v->advert.every.ns / CENTISEC(1).ns;
	case 'n':
		return f->params->n_addrs;
	case 'm':
		return v->advert.n_addrs;
	case 'r':
		return f->params->vrid;
	}
	return 0;
}

static void put(const struct receive_case *f, char letter, char *out, size_t size)
{
	char addr[ADDR_TEXT_MAX];
	bool multicast = f->params->multicast;

	switch (letter) {
	case 'a':
		(void)str_copy(out, size, addr_print(f->frame->src, addr));
		return;
	case 'x':
		(void)str_copy(out, size, addr_print(f->verdict->missing, addr));
		return;
	case 'c':
		(void)str_copy(out, size,
			       multicast ? "multicast packet but received unicast"
					 : "unicast packet but received multicast");
		return;
	}
	(void)snprintf(out, size, "%lld", (long long)number_of(f, letter));
}

const char *receive_text(const struct receive_case *f, char *buf, size_t size)
{
	const char *text = warning_text(f->warning);
	size_t reason = f->verdict->reject, len = 0;

	if (f->warning == 0)
		text = reason < ARRAY_LEN(reject_texts) ? reject_texts[reason] : NULL;
	for (; text != NULL && *text != '\0' && len + 1 < size; text++) {
		if (text[0] != '%' || text[1] == '\0') {
			buf[len++] = *text;
			continue;
		}
		put(f, *++text, buf + len, size - len);
		len += strlen(buf + len);
	}
	buf[MIN_OF(len, size - 1)] = '\0';
	return buf;
}
