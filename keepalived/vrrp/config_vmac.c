/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * use_vmac, use_ipvlan and unicast_peer: lines with options.
 */
#include "vrrp/config_table.h"

#define VMAC_AT(m)   offsetof(struct vrrp_vmac_config, m)
#define IPVLAN_AT(m) offsetof(struct vrrp_ipvlan_config, m)
#define PEER_AT(m)   offsetof(struct vrrp_peer_config, m)
#define IFNAME_MAX   15
#define MAC_LEN	     6

static const struct iproute_value group_value = {
	.table = IPROUTE_GROUPS, .max = UINT32_MAX, .what = "interface group",
};

static bool no_head(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	(void)b;
	(void)object;
	(void)node;
	(void)next;
	return true;
}

static void no_print_head(const struct object *object, struct strbuf *out)
{
	(void)object;
	(void)out;
}

/* A name for an interface that is to be made; a bad one leaves the default name. */
static void read_new_name(struct bind *b, const struct word *word, const char **name)
{
	if (*name) {
		diag_warning(b->diags, "repeated-option", word->at,
			     "the interface name '%s' was given already: '%s' is ignored", *name,
			     word->text);
		return;
	}
	if (!word->text[0] || word->len > IFNAME_MAX || strpbrk(word->text, "/: \t")) {
		diag_warning(b->diags, "bad-name", word->at,
			     "'%s' cannot be the name of an interface: the default name is used",
			     word->text);
		return;
	}
	*name = arena_strdup(b->arena, word->text);
}

static bool parse_new_name(struct bind *b, const struct keyword *kw, struct node *node,
			   unsigned *next, void *field)
{
	const struct word *word = value_next_word(b, kw, node, next);

	if (word)
		read_new_name(b, word, field);
	return true;
}

/* Printed with the head, where it may stand without the word. */
static const struct value_type value_new_name = {
	.name = "interface",
	.parse = parse_new_name,
	.synopsis = "IFNAME",
};

static bool reserved_mac(const struct mac *mac)
{
	static const uint8_t vrrp_macs[] = { 0x00, 0x00, 0x5e, 0x00 };

	return !memcmp(mac->bytes, vrrp_macs, sizeof(vrrp_macs)) &&
	       (mac->bytes[4] == 1 || mac->bytes[4] == 2);
}

static bool has_hex_pairs(const char *text)
{
	return strchr(text, ':') != NULL;
}

/* Six octets, or five to which the VRID is added. */
static void read_mac(struct bind *b, const struct word *word, struct mac *out)
{
	struct mac mac;
	const char *why = NULL;

	if (!mac_parse(word->text, &mac) || (mac.len != MAC_LEN && mac.len != MAC_LEN - 1))
		why = "it is not six or five octets";
	else if (mac.bytes[0] & 1)
		why = "it is a multicast address";
	else if (reserved_mac(&mac))
		why = "it is one of those reserved for VRRP";
	if (why)
		diag_warning(b->diags, "bad-mac", word->at,
			     "MAC address '%s' is ignored: %s", word->text, why);
	else
		*out = mac;
}

/* A group that is not known is reported; the interface is made all the same. */
static bool read_group(struct bind *b, const struct keyword *kw, struct node *node,
		       unsigned *next, void *field)
{
	const struct word *word = value_next_word(b, kw, node, next);

	return word && read_iproute(b, &group_value, word, field);
}

static void print_group(const struct keyword *kw, const void *field, struct strbuf *out)
{
	(void)kw;
	strbuf_addf(out, "%u", *(const uint32_t *)field);
}

static bool parse_vmac_group(struct bind *b, const struct keyword *kw, struct node *node,
			     unsigned *next, void *field)
{
	struct vrrp_vmac_config *vmac = (void *)((char *)field - kw->at);

	vmac->has_group = read_group(b, kw, node, next, field);
	return true;
}

static const struct value_type value_vmac_group = {
	.name = "interface group",
	.size = sizeof(uint32_t),
	.parse = parse_vmac_group,
	.print = print_group,
	.synopsis = "NAME|N",
};

static const struct keyword vmac_keywords[] = {
	{ .word = "name", .type = &value_new_name, .at = VMAC_AT(ifname),
	  .help = "Name of the interface, even if it looks like an option." },
	{ .word = "netlink_notify_msg", .type = &value_flag, .at = VMAC_AT(netlink_notify),
	  .help = "Make the kernel announce the underlying interface anew." },
	{ .word = "group", .type = &value_vmac_group, .at = VMAC_AT(group),
	  .help = "Interface group; that of the underlying interface unless given." },
};

static bool vmac_other(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	struct vrrp_vmac_config *vmac = (void *)object;
	const struct word *word = &node->words[(*next)++];

	if (has_hex_pairs(word->text))
		read_mac(b, word, &vmac->mac);
	else
		read_new_name(b, word, &vmac->ifname);
	return true;
}

static void vmac_print_head(const struct object *object, struct strbuf *out)
{
	const struct vrrp_vmac_config *vmac = (const void *)object;
	char text[MAC_TEXT_MAX];

	if (vmac->ifname)
		strbuf_addf(out, "name %s ", vmac->ifname);
	if (vmac->mac.len)
		strbuf_add(out, mac_print(&vmac->mac, text));
}

const struct block_type vrrp_vmac_block = {
	.name = "use_vmac",
	.form = BLOCK_RECORD,
	KEYWORDS(vmac_keywords),
	.size = sizeof(struct vrrp_vmac_config),
	.head = no_head,
	.head_synopsis = "[IFNAME] [MAC]",
	.other = vmac_other,
	.print_head = vmac_print_head,
	.key = no_print_head,
	.help = "A macvlan interface with the MAC address of the virtual router.",
};

static bool parse_mode(struct bind *b, const struct keyword *kw, struct node *node,
		       unsigned *next, void *field)
{
	struct vrrp_ipvlan_config *v = (void *)((char *)field - kw->at);

	if (v->has_mode) {
		bind_warning(b, "repeated-option", node, *next - 1,
			     "the mode was given already: '%s' is ignored", kw->word);
		return true;
	}
	v->has_mode = true;
	v->mode = (enum vrrp_ipvlan_mode)kw->alone;
	return true;
}

static const struct value_type value_mode = {
	.name = "mode",
	.size = sizeof(int),
	.parse = parse_mode,
};

static bool parse_ipvlan_group(struct bind *b, const struct keyword *kw, struct node *node,
			       unsigned *next, void *field)
{
	struct vrrp_ipvlan_config *v = (void *)((char *)field - kw->at);

	v->has_group = read_group(b, kw, node, next, field);
	return true;
}

static const struct value_type value_ipvlan_group = {
	.name = "interface group",
	.size = sizeof(uint32_t),
	.parse = parse_ipvlan_group,
	.print = print_group,
	.synopsis = "NAME|N",
};

static const struct keyword ipvlan_keywords[] = {
	{ .word = "name", .type = &value_new_name, .at = IPVLAN_AT(ifname),
	  .help = "Name of the interface, even if it looks like an option." },
	{ .word = "bridge", .type = &value_mode, .at = IPVLAN_AT(mode),
	  .alone = VRRP_IPVLAN_BRIDGE, .flags = KW_OWN_ROW,
	  .help = "Such interfaces reach one another." },
	{ .word = "private", .type = &value_mode, .at = IPVLAN_AT(mode),
	  .alone = VRRP_IPVLAN_PRIVATE, .flags = KW_OWN_ROW,
	  .help = "Such interfaces do not reach one another." },
	{ .word = "vepa", .type = &value_mode, .at = IPVLAN_AT(mode),
	  .alone = VRRP_IPVLAN_VEPA, .flags = KW_OWN_ROW,
	  .help = "Such interfaces reach one another through the switch." },
	{ .word = "group", .type = &value_ipvlan_group, .at = IPVLAN_AT(group),
	  .help = "Interface group; that of the underlying interface unless given." },
};

static bool ipvlan_other(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	struct vrrp_ipvlan_config *v = (void *)object;
	const struct word *word = &node->words[(*next)++];
	bool has_len;

	if (strpbrk(word->text, ".:") && prefix_parse(word->text, &v->addr, &has_len))
		return true;
	if (strchr(word->text, ':') || strchr(word->text, '/'))
		(void)read_prefix(b, word, &v->addr, NULL);
	else
		read_new_name(b, word, &v->ifname);
	return true;
}

static const char *mode_word(enum vrrp_ipvlan_mode mode)
{
	const struct keyword *kw = ipvlan_keywords;

	while (kw->type != &value_mode || kw->alone != (int64_t)mode)
		kw++;
	return kw->word;
}

static void ipvlan_print_head(const struct object *object, struct strbuf *out)
{
	const struct vrrp_ipvlan_config *v = (const void *)object;
	char text[ADDR_TEXT_MAX];

	if (v->ifname)
		strbuf_addf(out, "name %s ", v->ifname);
	if (addr_is_set(v->addr.addr))
		strbuf_addf(out, "%s/%u ", addr_print(v->addr.addr, text), v->addr.len);
	if (v->has_mode)
		strbuf_add(out, mode_word(v->mode));
}

const struct block_type vrrp_ipvlan_block = {
	.name = "use_ipvlan",
	.form = BLOCK_RECORD,
	KEYWORDS(ipvlan_keywords),
	.size = sizeof(struct vrrp_ipvlan_config),
	.head = no_head,
	.head_synopsis = "[IFNAME] [ADDR[/LEN]]",
	.other = ipvlan_other,
	.print_head = ipvlan_print_head,
	.key = no_print_head,
	.help = "An ipvlan interface.",
};

/* Rather the usual limit than no peer. */
static bool parse_ttl(struct bind *b, const struct keyword *kw, struct node *node,
		      unsigned *next, void *field)
{
	(void)value_u8.parse(b, kw, node, next, field);
	return true;
}

static void print_ttl(const struct keyword *kw, const void *field, struct strbuf *out)
{
	value_u8.print(kw, field, out);
}

static const struct value_type value_ttl = {
	.name = "number",
	.size = sizeof(uint8_t),
	.parse = parse_ttl,
	.print = print_ttl,
	.synopsis = "N",
};

static const struct keyword peer_keywords[] = {
	{ .word = "min_ttl", .type = &value_ttl, .at = PEER_AT(min_ttl), .max = UINT8_MAX,
	  .help = "Reject adverts of this peer with a lower TTL or hop limit." },
	{ .word = "max_ttl", .type = &value_ttl, .at = PEER_AT(max_ttl), .max = UINT8_MAX,
	  .help = "Reject adverts of this peer with a higher TTL or hop limit." },
};

static const struct vrrp_peer_config peer_defaults = {
	.max_ttl = UINT8_MAX,
};

/* A prefix length is accepted, as it always was: it says nothing. */
static bool peer_head(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	struct vrrp_peer_config *peer = (void *)object;
	const struct word *word = &node->words[(*next)++];
	struct prefix p;
	bool has_len;

	if (!read_prefix(b, word, &p, &has_len))
		return false;
	if (has_len)
		diag_note(b->diags, "peer-prefix", word->at,
			  "the prefix length of a peer says nothing");
	peer->addr = p.addr;
	object->name = arena_strdup(b->arena, word->text);
	return true;
}

static bool peer_done(struct bind *b, struct object *object, struct node *node)
{
	const struct vrrp_peer_config *peer = (const void *)object;

	(void)node;
	if (peer->min_ttl > peer->max_ttl)
		diag_warning(b->diags, "peer-ttl", object_place(object, PEER_AT(min_ttl)),
			     "min_ttl %u is more than max_ttl %u: every advert of this peer is "
			     "rejected",
			     peer->min_ttl, peer->max_ttl);
	return true;
}

static void peer_print_head(const struct object *object, struct strbuf *out)
{
	const struct vrrp_peer_config *peer = (const void *)object;
	char text[ADDR_TEXT_MAX];

	strbuf_add(out, addr_print(peer->addr, text));
}

const struct block_type vrrp_peer_block = {
	.name = "peer",
	.form = BLOCK_RECORD,
	KEYWORDS(peer_keywords),
	.size = sizeof(struct vrrp_peer_config),
	.defaults = &peer_defaults,
	.head = peer_head,
	.head_synopsis = "ADDR",
	.done = peer_done,
	.print_head = peer_print_head,
	.key = peer_print_head,
	.help = "Another router.",
};
