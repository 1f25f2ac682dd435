/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bfd_instance: keyword table and checks.
 *
 * TTL: single-hop sessions send 255 in both families (RFC 5881 section 5). Up to 2.4 keepalived
 * sent hop limit 64 over IPv6; such peers are accepted unless ttl or max_hops says otherwise.
 */
#include "bfd/config.h"

#include "core/engine.h"

#define AT(member)	offsetof(struct bfd_session_config, member)
#define SECTION(member) offsetof(struct bfd_config, member)

#define MS_NS		     INT64_C(1000000)
#define INTERVAL_MAX_MS	     4294967
#define INTERVAL_LONG_MS     10000
#define OLD_KEEPALIVED_HOPS  64
#define HOPS_ANY	     255

/* ---- table ---- */

/* The protocol counts microseconds, and ten seconds are hardly meant. */
static void interval_stored(struct bind *bind, const struct keyword *row, struct node *node,
			    void *object)
{
	kspan *interval = (kspan *)(void *)((char *)object + row->at);

	if (interval->ns % 1000) {
		bind_warning(bind, "rounded", node, 1, "%s has more than 3 decimals; rounded",
			     row->word);
		interval->ns = (interval->ns + 500) / 1000 * 1000;
	}
	if (interval->ns > INTERVAL_LONG_MS * MS_NS)
		diag_note(bind->diags, "unusual-value", node_place(node, 1),
			  "%s of more than 10 seconds: the unit is milliseconds", row->word);
}

#define INTERVAL_ROW(word_, member, from, label_, help_)                               \
	{ .word = (word_), .type = &value_span, .at = AT(member), .min = (from) * MS_NS, \
	  .max = INTERVAL_MAX_MS * MS_NS, .unit = MS_NS, .stored = interval_stored,    \
	  .label = (label_), .json = (word_), .synopsis = "MILLISECONDS", .help = (help_) }

#define NEIGHBOR_ROW(word_, flags_, instead_)                                          \
	{ .word = (word_), .type = &value_addr, .at = AT(neighbor),                    \
	  .flags = KW_IDENTITY | (flags_), .instead = (instead_),                      \
	  .label = "Neighbor IP", .json = "neighbor_ip", .help = "Address of the peer." }

#define TTL_ROW(word_, flags_)                                                         \
	{ .word = (word_), .type = &value_u8, .at = AT(ttl), .min = 1, .max = 255,     \
	  .flags = (flags_), .label = "TTL", .json = "ttl", .default_text = "255",     \
	  .help = "TTL or hop limit of sent packets." }

static const struct keyword session_keywords[] = {
	NEIGHBOR_ROW("neighbor_ip", 0, NULL),
	NEIGHBOR_ROW("neighbour_ip", KW_MASKED, "neighbor_ip"),
	{ .word = "source_ip", .type = &value_addr, .at = AT(source), .flags = KW_IDENTITY,
	  .label = "Source IP", .json = "source_ip", .default_text = "chosen by the kernel",
	  .help = "Own address of the session." },
	INTERVAL_ROW("min_rx", min_rx, 1, "Required min RX interval",
		     "Least time between packets of the peer that we can take."),
	INTERVAL_ROW("min_tx", min_tx, 1, "Desired min TX interval",
		     "Time between our packets while the session is up, if the peer can take it."),
	INTERVAL_ROW("idle_tx", idle_tx, 1000, "Desired idle TX interval",
		     "Time between our packets while the session is not up."),
	{ .word = "multiplier", .type = &value_u8, .at = AT(multiplier), .min = 1, .max = 255,
	  .label = "Detection multiplier", .json = "multiplier",
	  .help = "After so many missing packets the peer takes the session for dead." },
	{ .word = "passive", .type = &value_flag, .at = AT(passive), .label = "passive",
	  .json = "passive", .help = "Send nothing until the peer has sent something." },
	TTL_ROW("ttl", 0),
	TTL_ROW("hoplimit", KW_MASKED),
	{ .word = "max_hops", .type = &value_i16, .at = AT(max_hops), .min = -1, .max = 255,
	  .label = "max_hops", .json = "max_hops",
	  .help = "Packets that came over more hops are rejected; -1 and 255 accept any." },
	{ .word = "multihop", .type = &value_bool, .at = AT(multihop),
	  .flags = KW_OPTIONAL_ARG | KW_IDENTITY, .alone = 1, .label = "multihop",
	  .json = "multihop", .help = "The peer is not on the link: use the port for multihop." },
	{ .word = "weight", .type = &value_track_weight, .at = AT(tracked.weight), .min = -253,
	  .max = 253, .label = "weight", .json = "weight",
	  .help = "Weight of the session for instances that track it without one." },
	{ .word = "vrrp", .type = &value_flag, .at = AT(tracked.for_vrrp),
	  .label = "send event to VRRP process", .json = "vrrp",
	  .help = "Tell VRRP about the session; without checker, nobody else." },
	{ .word = "checker", .type = &value_flag, .at = AT(tracked.for_checker),
	  .label = "send event to checker process", .json = "checker",
	  .help = "Tell the checkers about the session; without vrrp, nobody else." },
};

/* ---- rivals ---- */

/** What incoming packets are told apart by. */
struct session_key {
	struct addr neighbor, source;
	bool multihop;
	bool any_source;	/* stands for all sessions with that neighbor */
	const struct bfd_session_config *session;
};

static bool same_key(const void *a, const void *b)
{
	const struct session_key *x = a, *y = b;

	return addr_equal(x->neighbor, y->neighbor) && x->multihop == y->multihop &&
	       x->any_source == y->any_source &&
	       (x->any_source || addr_equal(x->source, y->source));
}

static uint64_t hash_key(const struct session_key *key)
{
	uint64_t hash = hash_mix(addr_hash(key->neighbor), key->multihop);

	return hash_mix(hash, key->any_source ? 1 : addr_hash(key->source));
}

static const struct bfd_session_config *find_key(const struct hashset *set,
						 const struct session_key *key)
{
	const struct session_key *found = hashset_find(set, hash_key(key), key);

	return found ? found->session : NULL;
}

static void add_key(struct bind *bind, struct hashset *set, const struct session_key *key)
{
	struct session_key *copy = arena_new_of(bind->arena, struct session_key);

	*copy = *key;
	(void)hashset_add(set, hash_key(copy), copy);
}

/* The earlier session that would get the same packets: of equal source, or one without. */
static const struct bfd_session_config *find_rival(struct bind *bind,
						   const struct bfd_session_config *session)
{
	struct bfd_config *section = container_of(bind->parent, struct bfd_config, object);
	struct session_key key = {
		.neighbor = session->neighbor, .multihop = session->multihop,
		.session = session,
	};
	const struct bfd_session_config *rival = find_key(&section->rivals, &key);

	section->rivals.equal = same_key;
	key.any_source = !addr_is_set(session->source);
	key.source = session->source;
	if (!rival)
		rival = find_key(&section->rivals, &key);
	if (rival)
		return rival;
	key.any_source = false;
	add_key(bind, &section->rivals, &key);
	key.any_source = true;
	add_key(bind, &section->rivals, &key);
	return NULL;
}

static bool is_only_one(struct bind *bind, const struct bfd_session_config *session)
{
	const struct bfd_session_config *rival = find_rival(bind, session);

	if (!rival)
		return true;
	diag_see(bind->diags,
		 diag_error(bind->diags, "duplicate", session->tracked.object.at,
			    "bfd_instance %s has the neighbor and source of %s; it is dropped",
			    session->tracked.object.name, rival->tracked.object.name),
		 rival->tracked.object.at, "first defined here");
	return false;
}

/* ---- one session ---- */

static bool session_head(struct bind *bind, struct object *object, struct node *node,
			 unsigned *next)
{
	if (!block_name(bind, object, node, next))
		return false;
	if (object->name_len <= BFD_NAME_MAX)
		return true;
	diag_error(bind->diags, "too-long", object->name_at,
		   "the name of a bfd_instance has at most %d characters, this one %u",
		   BFD_NAME_MAX, object->name_len);
	return false;
}

static void resolve_hops(struct bind *bind, struct bfd_session_config *session)
{
	struct object *object = &session->tracked.object;
	bool old_peer = session->neighbor.family == AF_INET6 && !session->ttl &&
			!object_is_set(object, AT(max_hops));

	if (!session->ttl)
		session->ttl = BFD_TTL_MAX;
	if (session->max_hops < 0)
		session->max_hops = HOPS_ANY;
	if (session->max_hops > session->ttl && session->max_hops != HOPS_ANY) {
		diag_warning(bind->diags, "conflict", object_place(object, AT(max_hops)),
			     "max_hops %d is more than the TTL; using %u", session->max_hops,
			     session->ttl);
		session->max_hops = session->ttl;
	}
	if (old_peer)
		session->min_ttl = OLD_KEEPALIVED_HOPS;
	else if (session->max_hops < session->ttl)
		session->min_ttl = (uint8_t)(session->ttl - session->max_hops);
}

/* The keyword has two spellings; an unusable address has been reported. */
static void report_no_neighbor(struct bind *bind, const struct object *object,
			       const struct node *node)
{
	for (const struct node *line = node->first; line; line = line->next)
		if (!strcmp(line->words[0].text, "neighbor_ip") ||
		    !strcmp(line->words[0].text, "neighbour_ip"))
			return;
	diag_error(bind->diags, "missing-keyword", object->at,
		   "bfd_instance %s has no neighbor_ip", object->name);
}

static bool session_done(struct bind *bind, struct object *object, struct node *node)
{
	struct bfd_session_config *session = (struct bfd_session_config *)(void *)object;

	if (!addr_is_set(session->neighbor)) {
		report_no_neighbor(bind, object, node);
		return false;
	}
	if (addr_is_set(session->source) && session->source.family != session->neighbor.family) {
		diag_error(bind->diags, "family", object_place(object, AT(source)),
			   "source_ip %s and neighbor_ip %s are of different families",
			   addr_text(session->source), addr_text(session->neighbor));
		return false;
	}
	if (session->neighbor.family == AF_INET6 && addr_is_link_local(session->neighbor))
		diag_note(bind->diags, "unsupported", object_place(object, AT(neighbor)),
			  "a link-local neighbor cannot be reached: there is no interface");
	resolve_hops(bind, session);
	if (!session->tracked.for_vrrp && !session->tracked.for_checker)
		session->tracked.for_vrrp = session->tracked.for_checker = true;
	/* Others use the number in their checks, which may come before ours. */
	session->tracked.id =
		container_of(bind->parent, struct bfd_config, object)->sessions.n;
	return is_only_one(bind, session) && config_symbol_add(bind, SYMBOL_BFD, object);
}

static const struct bfd_session_config session_defaults = {
	.min_rx = { 10 * MS_NS },
	.min_tx = { 10 * MS_NS },
	.idle_tx = { 1000 * MS_NS },
	.multiplier = 5,
};

static const struct block_type session_block = {
	.name = "bfd_instance",
	.form = BLOCK_KEYWORDS,
	KEYWORDS(session_keywords),
	.size = sizeof(struct bfd_session_config),
	.defaults = &session_defaults,
	.head = session_head,
	.head_synopsis = "NAME",
	.done = session_done,
	.help = "One BFD session, for instances and real servers to follow.",
};

static const struct keyword section_keywords[] = {
	{ .word = "bfd_instance", .type = &value_block, .at = SECTION(sessions),
	  .arg = &session_block, .flags = KW_APPEND, .json = "bfd_instances",
	  .help = "A session that detects the loss of a path within milliseconds." },
};

const struct block_type bfd_sections = {
	.name = "bfd",
	.form = BLOCK_KEYWORDS,
	KEYWORDS(section_keywords),
	.size = sizeof(struct bfd_config),
	.help = "Bidirectional forwarding detection.",
};

void bfd_config_check(struct config_check *check)
{
	struct bfd_config *section =
		(struct bfd_config *)(void *)check->config->section[ENGINE_BFD];

	if (!section)
		return;
	hashset_fini(&section->rivals);
}

const struct bfd_config *bfd_config_of(const struct config *config)
{
	return (const struct bfd_config *)(const void *)config->section[ENGINE_BFD];
}

bool bfd_config_wanted(const struct config *config)
{
	const struct bfd_config *bfd = bfd_config_of(config);

	return bfd && bfd->sessions.n > 0;
}
