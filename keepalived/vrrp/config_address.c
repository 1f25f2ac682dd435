/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One address and its options: a line of virtual_ipaddress, virtual_ipaddress_excluded or
 * static_ipaddress.
 *
 * What concerns several addresses (family, duplicates, number) and the interface of addresses
 * without dev is config_check_vip.c's business.
 */
#include <inttypes.h>

#include "base/num.h"
#include "core/iproute_names.h"
#include "vrrp/config_address.h"
#include "vrrp/config_value.h"

#define AT(m) offsetof(struct address_config, m)
#define BROADCAST_BITS_MAX 30
#define LABEL_MAX 15

static struct address_config *address_of(const struct keyword *kw, void *field)
{
	return (void *)((char *)field - kw->at);
}

/* The value of an option without which the whole entry is dropped. */
static const struct word *needed_word(struct bind *b, const struct keyword *kw, struct node *node,
				      unsigned *next, struct address_config *a)
{
	const struct word *word = value_next_word(b, kw, node, next);

	if (!word)
		a->dropped = true;
	return word;
}

static bool parse_dev(struct bind *b, const struct keyword *kw, struct node *node, unsigned *next,
		      void *field)
{
	struct address_config *a = address_of(kw, field);

	if (a->dev) {
		bind_error(b, "repeated-option", node, *next - 1,
			   "dev stands twice on this line");
		a->dropped = true;
		(*next)++;
		return false;
	}
	if (value_ifname.parse(b, kw, node, next, field))
		return true;
	a->dropped = true;
	return false;
}

static void print_text(const struct keyword *kw, const void *field, struct strbuf *out)
{
	(void)kw;
	value_print_word(*(const char *const *)field, out);
}

static bool equal_text(const struct keyword *kw, const void *a, const void *b)
{
	(void)kw;
	return str_eq(*(const char *const *)a, *(const char *const *)b);
}

static const struct value_type value_dev = {
	.name = "interface",
	.size = sizeof(const char *),
	.parse = parse_dev,
	.print = print_text,
	.equal = equal_text,
	.synopsis = "IFNAME",
};

static bool parse_label(struct bind *b, const struct keyword *kw, struct node *node,
			unsigned *next, void *field)
{
	struct address_config *a = address_of(kw, field);
	const struct word *word = needed_word(b, kw, node, next, a);

	if (!word)
		return false;
	if (!word->text[0] || strlen(word->text) > LABEL_MAX) {
		diag_error(b->diags, "label-length", word->at,
			   "label '%s' is not 1 to %u bytes long", word->text, LABEL_MAX);
		a->dropped = true;
		return false;
	}
	if (a->prefix.addr.family == AF_INET6) {
		diag_warning(b->diags, "ipv6-option", word->at, "IPv6 addresses have no label");
		return true;
	}
	*(const char **)field = arena_strdup(b->arena, word->text);
	return true;
}

static const struct value_type value_label = {
	.name = "label",
	.size = sizeof(const char *),
	.parse = parse_label,
	.print = print_text,
	.equal = equal_text,
	.synopsis = "LABEL",
};

static bool parse_broadcast(struct bind *b, const struct keyword *kw, struct node *node,
			    unsigned *next, void *field)
{
	struct address_config *a = address_of(kw, field);
	const struct word *word = needed_word(b, kw, node, next, a);
	struct addr addr;

	if (!word)
		return false;
	if (a->prefix.addr.family == AF_INET6) {
		diag_error(b->diags, "ipv6-option", word->at,
			   "IPv6 addresses have no broadcast address");
		a->dropped = true;
		return false;
	}
	if (!strcmp(word->text, "+") || !strcmp(word->text, "-")) {
		a->broadcast_word = (uint8_t)word->text[0];
	} else if (!read_addr(b, word, &addr)) {
		a->dropped = true;
		return false;
	} else if (addr.family != AF_INET) {
		diag_error(b->diags, "family", word->at, "%s is no IPv4 address", word->text);
		a->dropped = true;
		return false;
	} else {
		a->broadcast_word = 0;
		*(struct addr *)field = addr;
	}
	a->has_broadcast = true;
	return true;
}

static void print_addr(const struct keyword *kw, const void *field, struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];

	(void)kw;
	strbuf_add(out, addr_print(*(const struct addr *)field, text));
}

static bool equal_addr(const struct keyword *kw, const void *a, const void *b)
{
	(void)kw;
	return addr_equal(*(const struct addr *)a, *(const struct addr *)b);
}

static const struct value_type value_broadcast = {
	.name = "broadcast address",
	.size = sizeof(struct addr),
	.parse = parse_broadcast,
	.print = print_addr,
	.equal = equal_addr,
	.synopsis = "ADDR|+|-",
};

static bool parse_peer(struct bind *b, const struct keyword *kw, struct node *node,
		       unsigned *next, void *field)
{
	struct address_config *a = address_of(kw, field);
	const struct word *word = needed_word(b, kw, node, next, a);
	struct prefix peer;
	bool has_len;

	if (!word)
		return false;
	if (addr_is_set(a->peer)) {
		diag_error(b->diags, "repeated-option", word->at, "a second peer: ignored");
		return true;
	}
	if (!read_prefix(b, word, &peer, &has_len)) {
		a->dropped = true;
		return false;
	}
	if (peer.addr.family != a->prefix.addr.family) {
		diag_error(b->diags, "family", word->at,
			   "%s is of another family than the address", word->text);
		a->dropped = true;
		return false;
	}
	if (has_len)
		diag_warning(b->diags, "peer-prefix", word->at,
			     "the prefix length of a peer is ignored");
	*(struct addr *)field = peer.addr;
	return true;
}

static const struct value_type value_peer = {
	.name = "address",
	.size = sizeof(struct addr),
	.parse = parse_peer,
	.print = print_addr,
	.equal = equal_addr,
	.synopsis = "ADDR",
};

static const struct iproute_value scope_value = {
	.table = IPROUTE_SCOPES, .max = UINT8_MAX, .what = "scope",
};

static bool parse_scope(struct bind *b, const struct keyword *kw, struct node *node,
			unsigned *next, void *field)
{
	struct address_config *a = address_of(kw, field);
	const struct word *word = needed_word(b, kw, node, next, a);
	uint32_t scope;

	if (!word)
		return false;
	/* rather the usual scope than no address */
	if (!read_iproute(b, kw->arg, word, &scope))
		return true;
	if (a->prefix.addr.family == AF_INET6)
		diag_warning(b->diags, "ipv6-option", word->at,
			     "the scope of an IPv6 address cannot be chosen");
	else
		*(uint8_t *)field = (uint8_t)scope;
	return true;
}

/* Printed as a number: it is read again without the system's names. */
static void print_u8(const struct keyword *kw, const void *field, struct strbuf *out)
{
	(void)kw;
	strbuf_addf(out, "%u", *(const uint8_t *)field);
}

static const struct value_type value_scope = {
	.name = "scope",
	.size = sizeof(uint8_t),
	.parse = parse_scope,
	.print = print_u8,
	.synopsis = "NAME|N",
};

static bool parse_lifetime(struct bind *b, const struct keyword *kw, struct node *node,
			   unsigned *next, void *field)
{
	struct address_config *a = address_of(kw, field);
	const struct word *word = needed_word(b, kw, node, next, a);
	uint64_t seconds = VRRP_LIFETIME_FOREVER;

	if (!word)
		return false;
	if (!strcmp(word->text, "forever") ||
	    value_read_u64(b, kw->word, word, 0, UINT32_MAX, &seconds))
		*(uint32_t *)field = (uint32_t)seconds;
	return true;
}

static void print_lifetime(const struct keyword *kw, const void *field, struct strbuf *out)
{
	uint32_t seconds = *(const uint32_t *)field;

	(void)kw;
	if (seconds == VRRP_LIFETIME_FOREVER)
		strbuf_add(out, "forever");
	else
		strbuf_addf(out, "%" PRIu32, seconds);
}

static const struct value_type value_lifetime = {
	.name = "lifetime",
	.size = sizeof(uint32_t),
	.parse = parse_lifetime,
	.print = print_lifetime,
	.synopsis = "SECS|forever",
};

#define ADDRESS_ROWS                                                                             \
	{ .word = "dev", .type = &value_dev, .at = AT(dev),                                      \
	  .help = "Interface of the address." },                                                 \
	{ .word = "brd", .type = &value_broadcast, .at = AT(broadcast),                          \
	  .help = "Broadcast address; + sets, - clears the host bits. IPv4 only." },             \
	{ .word = "broadcast", .type = &value_broadcast, .at = AT(broadcast),                    \
	  .flags = KW_MASKED, .instead = "brd", .help = "As brd." },                             \
	{ .word = "scope", .type = &value_scope, .at = AT(scope), .arg = &scope_value,           \
	  .default_text = "global", .help = "Scope, a name or number of rt_scopes. IPv4 only." }, \
	{ .word = "label", .type = &value_label, .at = AT(label),                                \
	  .help = "Label that old tools show as an interface alias. IPv4 only." },               \
	{ .word = "peer", .type = &value_peer, .at = AT(peer),                                   \
	  .help = "The other end of a point-to-point link; the address has no prefix length "    \
		  "then." },                                                                     \
	{ .word = "home", .type = &value_flag, .at = AT(home),                                   \
	  .help = "Mark the address as a mobile node's home address." },                         \
	{ .word = "-nodad", .type = &value_flag, .at = AT(dad),                                  \
	  .help = "Let the kernel do duplicate address detection; without this it does not." },  \
	{ .word = "mngtmpaddr", .type = &value_flag, .at = AT(mngtmpaddr),                       \
	  .help = "Let the kernel make temporary addresses from this one." },                    \
	{ .word = "noprefixroute", .type = &value_flag, .at = AT(noprefixroute),                 \
	  .help = "Do not make a route to the subnet of the address." },                         \
	{ .word = "autojoin", .type = &value_flag, .at = AT(autojoin),                           \
	  .help = "Join the multicast group that the address is." },                             \
	{ .word = "no_track", .type = &value_flag, .at = AT(no_track),                           \
	  .help = "Do nothing when somebody else removes the address." },                        \
	{ .word = "preferred_lft", .type = &value_lifetime, .at = AT(preferred_lft),             \
	  .default_text = "0 for IPv6 /128, else forever",                                       \
	  .help = "How long the address is preferred as a source. Valid it is for ever. IPv6." }

static const struct keyword virtual_keywords[] = {
	ADDRESS_ROWS,
	{ .word = "use_vmac", .type = &value_flag, .at = AT(use_vmac),
	  .help = "Put the address on a VMAC of its own on its interface." },
};

static const struct keyword static_keywords[] = {
	ADDRESS_ROWS,
	{ .word = "track_group", .type = &value_text, .at = AT(track_group),
	  .help = "Instances of this group go to FAULT when the address cannot be kept." },
};

static const struct address_config address_defaults = {
	.preferred_lft = VRRP_LIFETIME_FOREVER,
};

static bool address_head(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	struct address_config *a = (void *)object;
	const struct word *word = &node->words[*next];

	(*next)++;
	if (!read_prefix(b, word, &a->prefix, &a->has_len))
		return false;
	object->name = arena_strdup(b->arena, word->text);
	return true;
}

static void check_peer(struct bind *b, struct address_config *a, struct node *node)
{
	if (!addr_is_set(a->peer))
		return;
	if (a->has_len) {
		bind_warning(b, "peer-prefix", node, 0,
			     "an address with a peer has no prefix length: /%u is ignored",
			     a->prefix.len);
		a->has_len = false;
		a->prefix.len = addr_bits(a->prefix.addr);
	}
	if (a->has_broadcast)
		diag_warning(b->diags, "peer-broadcast", object_place(&a->object, AT(broadcast)),
			     "an address with a peer has no broadcast address: ignored");
	a->has_broadcast = false;
}

static void set_broadcast(struct bind *b, struct address_config *a)
{
	if (!a->has_broadcast || !a->broadcast_word)
		return;
	if (a->prefix.len > BROADCAST_BITS_MAX) {
		diag_warning(b->diags, "broadcast-bits",
			     object_place(&a->object, AT(broadcast)),
			     "a /%u has no broadcast address", a->prefix.len);
		a->has_broadcast = false;
		return;
	}
	a->broadcast = a->broadcast_word == '+' ? prefix_broadcast(a->prefix) :
						  prefix_network(a->prefix);
}

static bool address_done(struct bind *b, struct object *object, struct node *node)
{
	struct address_config *a = (void *)object;

	if (a->dropped)
		return false;
	check_peer(b, a, node);
	set_broadcast(b, a);
	if (a->prefix.addr.family == AF_INET6 && a->prefix.len == 128 &&
	    !object_is_set(object, AT(preferred_lft)))
		a->preferred_lft = 0;
	return true;
}

static void address_print_head(const struct object *object, struct strbuf *out)
{
	const struct address_config *a = (const void *)object;
	char text[ADDR_TEXT_MAX];

	strbuf_add(out, addr_print(a->prefix.addr, text));
	if (a->has_len)
		strbuf_addf(out, "/%u", a->prefix.len);
}

/* The same address on the same interface is the same address. */
static void address_key(const struct object *object, struct strbuf *out)
{
	const struct address_config *a = (const void *)object;
	char text[ADDR_TEXT_MAX];

	strbuf_addf(out, "%s/%u %s", addr_print(a->prefix.addr, text), a->prefix.len,
		    a->dev ? a->dev : "");
	if (addr_is_set(a->peer))
		strbuf_addf(out, " peer %s", addr_print(a->peer, text));
}

const struct block_type vrrp_address_block = {
	.name = "address",
	.form = BLOCK_RECORD,
	KEYWORDS(virtual_keywords),
	.size = sizeof(struct address_config),
	.defaults = &address_defaults,
	.head = address_head,
	.head_synopsis = "ADDR[/LEN]",
	.done = address_done,
	.print_head = address_print_head,
	.key = address_key,
	.help = "A virtual address. Without LEN it is /32 or /128.",
};

const struct block_type static_address_block = {
	.name = "static address",
	.form = BLOCK_RECORD,
	KEYWORDS(static_keywords),
	.size = sizeof(struct address_config),
	.defaults = &address_defaults,
	.head = address_head,
	.head_synopsis = "ADDR[/LEN]",
	.done = address_done,
	.print_head = address_print_head,
	.key = address_key,
	.help = "An address that is kept while keepalived runs.",
};

static void add_scope(const struct address_config *a, struct strbuf *out)
{
	uint8_t scope = a->scope;
	const char *name;

	if (a->prefix.addr.family == AF_INET6)
		scope = addr_is_link_local(a->prefix.addr) ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
	name = iproute_names_of(NULL, IPROUTE_SCOPES, scope);
	if (name)
		strbuf_addf(out, " scope %s", name);
	else
		strbuf_addf(out, " scope %u", scope);
}

static void add_lifetime(const struct address_config *a, struct strbuf *out)
{
	if (!a->preferred_lft)
		strbuf_add(out, " deprecated");
	else if (a->preferred_lft == VRRP_LIFETIME_FOREVER)
		strbuf_add(out, " preferred_lft forever");
	else
		strbuf_addf(out, " preferred_lft %" PRIu32, a->preferred_lft);
}

/* interface: programs take the first and the third word */
void address_config_text(const struct address_config *a, const char *ifname, struct strbuf *out)
{
	bool v6 = a->prefix.addr.family == AF_INET6;
	char text[ADDR_TEXT_MAX];

	strbuf_add(out, addr_print(a->prefix.addr, text));
	if (!v6 || a->prefix.len != 128)
		strbuf_addf(out, "/%u", a->prefix.len);
	if (!ifname)
		ifname = a->dev;
	if (addr_is_set(a->peer) && !v6)
		strbuf_addf(out, " peer %s/32", addr_print(a->peer, text));
	if (a->has_broadcast)
		strbuf_addf(out, " brd %s", addr_print(a->broadcast, text));
	strbuf_addf(out, " dev %s", ifname ? ifname : "(none)");
	add_scope(a, out);
	if (v6)
		add_lifetime(a, out);
	if (a->label)
		strbuf_addf(out, " label %s", a->label);
}
