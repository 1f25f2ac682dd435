/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtual_server_group: named lists of addresses, ranges, prefixes and firewall marks, one a
 * line.
 *
 * A range is kept as its two ends and counted as a number of the whole address, so that it may
 * cross any boundary.
 */
#include "base/num.h"
#include "check/config_values.h"

/** More services than this for one line is a mistake: the kernel could not hold them. */
#define GROUP_ENTRY_ADDRS_MAX (UINT64_C(1) << 20)

/* ---- one line ---- */

static struct diag *bad_entry(struct bind *bind, const struct word *word, const char *why)
{
	return diag_error(bind->diags, "bad-address", word->at, "'%s' %s", word->text, why);
}

/* Number of addresses from @first to @last, UINT64_MAX if that does not fit. */
static uint64_t addrs_between(struct addr first, struct addr last)
{
	size_t size = addr_size(first);
	uint64_t n = 0;
	unsigned borrow = 0;

	for (size_t i = 0; i < size; i++) {
		size_t at = size - 1 - i;
		unsigned from = first.bytes[at] + borrow;
		unsigned digit = (last.bytes[at] - from) & 0xff;

		borrow = last.bytes[at] < from;
		if (i >= sizeof(n)) {
			if (digit)
				return UINT64_MAX;
			continue;
		}
		n |= (uint64_t)digit << 8 * i;
	}
	return n == UINT64_MAX ? n : n + 1;
}

/* "10.0.0.1-5", "2001:db8::10-1f": the end is a new last part. */
static bool range_end_of_suffix(struct addr first, const char *text, struct addr *out)
{
	bool v6 = first.family == AF_INET6;
	const char *end;
	uint64_t n;

	if (!num_scan_u64(text, v6 ? 16 : 10, &n, &end) || *end || n > (v6 ? 0xffff : 0xff))
		return false;
	*out = first;
	if (v6)
		out->bytes[14] = (uint8_t)(n >> 8);
	out->bytes[addr_size(first) - 1] = (uint8_t)n;
	return true;
}

static bool entry_range(struct bind *bind, const struct word *word, const char *tail,
			struct group_entry *entry)
{
	if (!addr_parse(tail, &entry->last) &&
	    !range_end_of_suffix(entry->first, tail, &entry->last)) {
		bad_entry(bind, word, "does not end in an address or its last part");
		return false;
	}
	if (entry->last.family != entry->first.family) {
		bad_entry(bind, word, "begins and ends in different families");
		return false;
	}
	if (addr_compare(entry->last, entry->first) < 0 ||
	    (addr_equal(entry->first, entry->last) && !strpbrk(tail, ".:"))) {
		bad_entry(bind, word, "does not end after its start");
		return false;
	}
	return true;
}

static bool entry_prefix(struct bind *bind, const struct word *word, const char *tail,
			 struct group_entry *entry)
{
	struct prefix prefix = { .addr = entry->first };
	uint64_t len;
	char text[ADDR_TEXT_MAX];

	if (num_parse_u64(tail, 10, 1, addr_bits(entry->first), &len) != NUM_OK) {
		diag_hint(bind->diags, bad_entry(bind, word, "has a bad prefix length"),
			  "it is a number from 1 to %u", addr_bits(entry->first));
		return false;
	}
	prefix.len = (uint8_t)len;
	if (!addr_equal(prefix_network(prefix), entry->first)) {
		diag_error(bind->diags, "bad-address", word->at,
			   "'%s' has bits set beyond its prefix length: did you mean '%s/%u'?",
			   word->text, addr_print(prefix_network(prefix), text), prefix.len);
		return false;
	}
	entry->prefix_len = prefix.len;
	entry->last = entry->first;
	for (unsigned bit = prefix.len; bit < addr_bits(entry->first); bit++)
		entry->last.bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	return true;
}

static bool entry_addrs(struct bind *bind, const struct word *word, struct group_entry *entry)
{
	size_t len = strcspn(word->text, "-/");
	char text[ADDR_TEXT_MAX];
	bool ok = true;

	if (len >= sizeof(text)) {
		bad_entry(bind, word, "is not an address");
		return false;
	}
	memcpy(text, word->text, len);
	text[len] = '\0';
	if (!addr_parse(text, &entry->first)) {
		diag_hint(bind->diags,
			  bad_entry(bind, word, "is not an address, a range or a prefix"),
			  "a line holds ADDRESS [PORT], FIRST-LAST [PORT], ADDRESS/LEN [PORT] or "
			  "fwmark MARK [inet|inet6]");
		return false;
	}
	entry->last = entry->first;
	if (word->text[len] == '-')
		ok = entry_range(bind, word, word->text + len + 1, entry);
	else if (word->text[len] == '/')
		ok = entry_prefix(bind, word, word->text + len + 1, entry);
	if (!ok)
		return false;
	entry->n_addrs = addrs_between(entry->first, entry->last);
	if (entry->n_addrs > GROUP_ENTRY_ADDRS_MAX) {
		bad_entry(bind, word, "means more than a million services");
		return false;
	}
	return true;
}

static bool entry_fwmark(struct bind *bind, struct node *node, unsigned *next,
			 struct group_entry *entry)
{
	const struct word *word;
	uint64_t mark;

	if (*next >= node->n_words) {
		bind_error(bind, "missing-argument", node, *next - 1, "fwmark needs a number");
		return false;
	}
	if (!value_read_u64(bind, "fwmark", &node->words[(*next)++], 0, UINT32_MAX, &mark))
		return false;
	entry->kind = GROUP_FWMARK;
	entry->fwmark = (uint32_t)mark;
	if (*next >= node->n_words)
		return true;
	word = &node->words[(*next)++];
	if (!strcmp(word->text, "inet")) {
		entry->family = AF_INET;
	} else if (!strcmp(word->text, "inet6")) {
		entry->family = AF_INET6;
	} else {
		diag_error(bind->diags, "bad-value", word->at,
			   "'%s' is not an address family: inet or inet6", word->text);
		return false;
	}
	return true;
}

static bool entry_head(struct bind *bind, struct object *object, struct node *node,
		       unsigned *next)
{
	struct group_entry *entry = (struct group_entry *)(void *)object;
	const struct word *word = &node->words[*next];
	uint64_t port;

	(*next)++;
	if (!strcmp(word->text, "fwmark"))
		return entry_fwmark(bind, node, next, entry);
	if (!entry_addrs(bind, word, entry))
		return false;
	if (*next >= node->n_words)
		return true;
	if (!value_read_u64(bind, "the port", &node->words[(*next)++], 0, UINT16_MAX, &port))
		return false;
	entry->port = (uint16_t)port;
	return true;
}

static void entry_print_head(const struct object *object, struct strbuf *out)
{
	const struct group_entry *entry = (const struct group_entry *)(const void *)object;
	char text[ADDR_TEXT_MAX];

	if (entry->kind == GROUP_FWMARK) {
		strbuf_addf(out, "fwmark %u", entry->fwmark);
		if (entry->family)
			strbuf_add(out, entry->family == AF_INET ? " inet" : " inet6");
		return;
	}
	strbuf_add(out, addr_print(entry->first, text));
	if (entry->prefix_len)
		strbuf_addf(out, "/%u", entry->prefix_len);
	else if (!addr_equal(entry->first, entry->last))
		strbuf_addf(out, "-%s", addr_print(entry->last, text));
	if (entry->port)
		strbuf_addf(out, " %u", entry->port);
}

static const struct block_type group_entry_record = {
	.name = "entry",
	.form = BLOCK_RECORD,
	.size = sizeof(struct group_entry),
	.head = entry_head,
	.head_synopsis = "ADDRESS[-LAST|/LEN] [PORT] | fwmark MARK [inet|inet6]",
	.print_head = entry_print_head,
	.key = entry_print_head,
	.help = "Addresses with a port, or a firewall mark.",
};

/* ---- the block ---- */

#define AT(member) offsetof(struct server_group, member)

static const struct keyword group_keywords[] = {
	{ .word = "", .type = &value_record, .at = AT(entries), .arg = &group_entry_record,
	  .flags = KW_APPEND, .json = "entries",
	  .help = "Address, range (the end may be only the last part) or prefix, with a port, or "
		  "a firewall mark. Without a port all ports count, which needs persistence." },
};

static void note_port(struct server_group *group, const struct group_entry *entry, bool first)
{
	if (first)
		group->common_port = entry->port;
	else if (group->common_port != entry->port)
		group->common_port = -1;
	group->has_any_port |= !entry->port;
}

static void summarise(struct server_group *group)
{
	bool first = true;

	group->only_marks = true;
	for (uint32_t i = 0; i < group->entries.n; i++) {
		const struct group_entry *entry = group->entries.items[i];
		int family = entry->kind == GROUP_FWMARK ? entry->family : entry->first.family;

		group->has_v4 |= family == AF_INET;
		group->has_v6 |= family == AF_INET6;
		group->has_mark |= entry->kind == GROUP_FWMARK;
		group->only_marks &= entry->kind == GROUP_FWMARK;
		group->has_open_mark |= family == AF_UNSPEC;
		if (entry->kind == GROUP_FWMARK)
			continue;
		note_port(group, entry, first);
		first = false;
	}
}

static bool group_done(struct bind *bind, struct object *object, struct node *node)
{
	struct server_group *group = (struct server_group *)(void *)object;
	const struct server_group *other;
	struct diag *diag;

	(void)node;
	summarise(group);
	if (!group->entries.n) {
		diag_error(bind->diags, "empty", object->at,
			   "virtual_server_group %s has no entries", object->name);
		return false;
	}
	if (group->has_v4 && group->has_v6 && group->has_open_mark) {
		/* Only ever said in the log: a note. */
		diag_note(bind->diags, "family", object->at,
			  "virtual_server_group %s has both families and a fwmark without one; "
			  "it is not used", object->name);
		return false;
	}
	other = config_symbol_find(bind->root, SYMBOL_SERVER_GROUP, object->name);
	if (!other)
		return config_symbol_add(bind, SYMBOL_SERVER_GROUP, object);
	diag = diag_note(bind->diags, "duplicate", object->name_at,
			 "virtual_server_group %s exists already; this one is not used",
			 object->name);
	diag_see(bind->diags, diag, other->object.name_at, "first defined here");
	return false;
}

const struct block_type server_group_block = {
	.name = "virtual_server_group",
	.form = BLOCK_KEYWORDS,
	KEYWORDS(group_keywords),
	.size = sizeof(struct server_group),
	.head = block_name,
	.head_synopsis = "NAME",
	.done = group_done,
	.help = "Addresses and firewall marks that are one virtual server.",
};
