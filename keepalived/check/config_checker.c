/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keyword tables of the checkers, one per kind, except those with URLs (config_http.c).
 *
 * What a checker inherits is filled in later, by config_inherit.c.
 */
#include "check/config_rows.h"

#define CHECKER_AT(member) offsetof(struct checker_config, member)

/* ---- what all checkers share ---- */

static const char *const kind_words[CHECKER_KINDS] = {
	[CHECKER_TCP] = "TCP_CHECK",   [CHECKER_HTTP] = "HTTP_GET",   [CHECKER_SSL] = "SSL_GET",
	[CHECKER_SMTP] = "SMTP_CHECK", [CHECKER_DNS] = "DNS_CHECK",   [CHECKER_MISC] = "MISC_CHECK",
	[CHECKER_UDP] = "UDP_CHECK",   [CHECKER_PING] = "PING_CHECK", [CHECKER_FILE] = "FILE_CHECK",
	[CHECKER_BFD] = "BFD_CHECK",
};

const char *checker_kind_word(enum checker_kind kind)
{
	return kind < CHECKER_KINDS ? kind_words[kind] : "?";
}

bool checker_head(struct bind *bind, struct object *object, struct node *node, unsigned *next)
{
	struct checker_config *checker = container_of(object, struct checker_config, object);
	const struct real_server *rs =
		container_of(bind->parent, struct real_server, object);
	struct check_parts *parts = parts_of_server(rs);

	(void)node;
	(void)next;
	parts->checker_timing = timing_unset;
	parts->connect = connect_none;
	checker->timing = &parts->checker_timing;
	checker->connect = &parts->connect;
	return true;
}

/* A destination on the link needs an interface, and source and destination one family. */
static bool connect_ok(struct bind *bind, const struct object *object,
		       const struct check_connect *connect, struct addr server)
{
	struct addr to = addr_is_set(connect->ip) ? connect->ip : server;
	const char *block = object->type->name;

	if (addr_is_link_local(to) && to.family == AF_INET6 && !connect->bind_if) {
		diag_error(bind->diags, "missing-keyword", object->at,
			   "%s of the link-local address %s needs bind_if", block,
			   addr_text(to));
		return false;
	}
	if (addr_is_set(connect->bind_ip) && connect->bind_ip.family != to.family) {
		diag_error(bind->diags, "family", word_place(object, "bindto"),
			   "bindto %s and the destination %s are of different families",
			   addr_text(connect->bind_ip), addr_text(to));
		return false;
	}
	if (connect->bind_port && !addr_is_set(connect->bind_ip))
		diag_note(bind->diags, "no-effect", word_place(object, "bind_port"),
			  "bind_port without bindto uses any local address");
	return true;
}

bool checker_done(struct bind *bind, struct object *object, struct node *node)
{
	struct checker_config *checker = container_of(object, struct checker_config, object);
	struct check_parts *parts = parts_of_checker(checker);
	const struct real_server *rs =
		container_of(bind->parent, struct real_server, object);
	bool ok = connect_ok(bind, object, checker->connect, rs->addr);

	(void)node;
	checker->timing = parts->last_checker_timing =
		part_settle(bind->arena, &parts->checker_timing, &timing_unset,
			    parts->last_checker_timing, sizeof(struct check_timing));
	checker->connect = parts->last_connect =
		part_settle(bind->arena, &parts->connect, &connect_none, parts->last_connect,
			    sizeof(struct check_connect));
	return ok;
}

void checker_key(const struct object *object, struct strbuf *out)
{
	const struct checker_config *checker =
		container_of(object, struct checker_config, object);

	strbuf_add(out, kind_words[checker->kind]);
	strbuf_add_char(out, ' ');
	print_endpoint(checker->connect->ip, checker->connect->port, out);
}


/* ---- TCP_CHECK, PING_CHECK ---- */

static const struct keyword plain_keywords[] = {
	CONNECTING_CHECKER_ROWS,
};

static const struct checker_config tcp_defaults = CHECKER_DEFAULTS(CHECKER_TCP);

const struct block_type tcp_check_block = {
	CHECKER_BLOCK("TCP_CHECK", checker_config, plain_keywords, checker_key),
	.defaults = &tcp_defaults,
	.done = checker_done,
	.help = "The server is up if a TCP connection can be made.",
};

static const struct checker_config ping_defaults = CHECKER_DEFAULTS(CHECKER_PING);

const struct block_type ping_check_block = {
	CHECKER_BLOCK("PING_CHECK", checker_config, plain_keywords, checker_key),
	.defaults = &ping_defaults,
	.done = checker_done,
	.help = "The server is up if it answers an ICMP echo request.",
};

/* ---- MISC_CHECK ---- */

#define MISC_AT(member) offsetof(struct misc_check_config, member)

static const struct keyword misc_keywords[] = {
	{ .word = "misc_path", .type = &value_script, .at = MISC_AT(script),
	  .flags = KW_REQUIRED | KW_IDENTITY, .arg = "", .label = "Script", .json = "misc_path",
	  .help = "Program to run, quoted together with its arguments. Exit status 0 means up, "
		  "any other down." },
	{ .word = "misc_timeout", .type = &value_span, .at = MISC_AT(timeout),
	  .flags = KW_OWN_ROW, RANGE(0, INT64_C(4294000000000)), .label = "Timeout",
	  .json = "misc_timeout", .default_text = "delay_loop of the virtual server",
	  .help = "Longest run time of the program; it is ended then and counts as failed." },
	{ .word = "misc_dynamic", .type = &value_flag, .at = MISC_AT(dynamic),
	  .label = "Dynamic", .json = "misc_dynamic",
	  .help = "Exit status 2 to 255 means up with a weight of the status less 2." },
	{ .word = "user", .type = &value_script_owner, .at = MISC_AT(owner),
	  .json = "user", .default_text = "script_user",
	  .help = "User, and group, that the program runs as." },
	CHECKER_ROWS,
};

static bool misc_done(struct bind *bind, struct object *object, struct node *node)
{
	struct misc_check_config *misc = (struct misc_check_config *)(void *)object;

	script_set_block(bind->root, misc->script,
			 &(struct script_block){ .keyword = "MISC_CHECK",
						 .owner = &misc->owner,
						 .owner_at = object_place(object, MISC_AT(owner)),
						 .end_at = node->close_at });
	return checker_done(bind, object, node);
}

static void misc_key(const struct object *object, struct strbuf *out)
{
	const struct misc_check_config *misc =
		(const struct misc_check_config *)(const void *)object;

	strbuf_addf(out, "MISC_CHECK %s", misc->script ? misc->script->command : "");
}

static const struct misc_check_config misc_defaults = {
	.checker = CHECKER_DEFAULTS(CHECKER_MISC),
};

const struct block_type misc_check_block = {
	CHECKER_BLOCK("MISC_CHECK", misc_check_config, misc_keywords, misc_key),
	.defaults = &misc_defaults,
	.done = misc_done,
	.help = "The server is up if a program says so.",
};

/* ---- SMTP_CHECK ---- */

#define HOST_AT(member) offsetof(struct smtp_host_config, member)

/* A host block sets these for the whole SMTP_CHECK, as it always has. */
static void host_tristate_stored(struct bind *bind, const struct keyword *row, struct node *node,
				 void *object)
{
	const struct smtp_host_config *host = object;

	(void)bind;
	(void)node;
	if (row->at == HOST_AT(alpha))
		host->owner->alpha = host->alpha;
	else
		host->owner->log_all_failures = host->log_all_failures;
}

static const struct keyword host_keywords[] = {
	CONNECT_ROWS(HOST_AT(connect)),
	{ .word = "connect_timeout", .type = &value_span, .at = HOST_AT(connect_timeout),
	  RANGE(TIMEOUT_MIN_NS, TIMEOUT_MAX_NS), .json = "connect_timeout",
	  .default_text = "that of the SMTP_CHECK",
	  .help = "How long connecting, and each wait for an answer, may take." },
	TIMING_ROWS(HOST_AT(timing), 0),
	{ .word = "alpha", .type = &value_tristate, .at = HOST_AT(alpha), INHERITED_TRISTATE,
	  .stored = host_tristate_stored, .help = "As in the SMTP_CHECK, which it sets." },
	{ .word = "log_all_failures", .type = &value_tristate,
	  .at = HOST_AT(log_all_failures), INHERITED_TRISTATE,
	  .stored = host_tristate_stored, .help = "As in the SMTP_CHECK, which it sets." },
};

static bool host_head(struct bind *bind, struct object *object, struct node *node,
		      unsigned *next)
{
	struct smtp_host_config *host = (struct smtp_host_config *)(void *)object;
	struct checker_config *checker =
		container_of(bind->parent, struct checker_config, object);
	struct check_parts *parts = parts_of_checker(checker);

	(void)node;
	(void)next;
	parts->host_connect = connect_none;
	host->connect = &parts->host_connect;
	host->timing = checker->timing;
	host->owner = checker;
	return true;
}

static bool host_done(struct bind *bind, struct object *object, struct node *node)
{
	struct smtp_host_config *host = (struct smtp_host_config *)(void *)object;
	struct check_parts *parts =
		container_of(host->connect, struct check_parts, host_connect);

	(void)node;
	host->timing = &timing_unset;
	host->owner = NULL;
	host->connect = parts->last_host_connect =
		part_settle(bind->arena, &parts->host_connect, &connect_none,
			    parts->last_host_connect, sizeof(struct check_connect));
	return true;
}

static const struct smtp_host_config host_defaults = {
	.connect = &connect_none,
	.timing = &timing_unset,
	.connect_timeout = { -1 },
};

static const struct block_type smtp_host_block = {
	.name = "host",
	.form = BLOCK_KEYWORDS,
	KEYWORDS(host_keywords),
	.size = sizeof(struct smtp_host_config),
	.defaults = &host_defaults,
	.head = host_head,
	.done = host_done,
	.help = "One more endpoint to check; the old way of writing a second SMTP_CHECK.",
};

#define SMTP_AT(member) offsetof(struct smtp_check_config, member)

static const struct keyword smtp_keywords[] = {
	{ .word = "helo_name", .type = &value_text, .at = SMTP_AT(helo_name),
	  .flags = KW_LAST_WINS,
	  .label = "Host", .json = "helo_name", .help = "What the HELO line says." },
	{ .word = "host", .type = &value_block, .at = SMTP_AT(hosts), .arg = &smtp_host_block,
	  .flags = KW_APPEND,
	  .help = "Deprecated: write one SMTP_CHECK for each endpoint instead." },
	CONNECTING_CHECKER_ROWS,
};

static const struct smtp_check_config smtp_defaults = {
	.checker = CHECKER_DEFAULTS(CHECKER_SMTP),
	.helo_name = "smtpchecker.keepalived.org",
};

const struct block_type smtp_check_block = {
	CHECKER_BLOCK("SMTP_CHECK", smtp_check_config, smtp_keywords, checker_key),
	.defaults = &smtp_defaults,
	.done = checker_done,
	.help = "The server is up if it greets as a mail server and answers HELO.",
};

/* ---- DNS_CHECK ---- */

#define DNS_AT(member) offsetof(struct dns_check_config, member)

static const struct enum_word dns_type_list[] = {
	{ .word = "A", .value = 1 },	   { .word = "NS", .value = 2 },
	{ .word = "CNAME", .value = 5 },   { .word = "SOA", .value = 6 },
	{ .word = "MX", .value = 15 },	   { .word = "TXT", .value = 16 },
	{ .word = "AAAA", .value = 28 },   { .word = "RRSIG", .value = 46 },
	{ .word = "DNSKEY", .value = 48 },
};
static const struct enum_words dns_types = {
	.words = dns_type_list,
	.n = ARRAY_LEN(dns_type_list),
	.any_case = true,
	.what = "a type of query",
};

static const struct keyword dns_keywords[] = {
	{ .word = "type", .type = &value_enum, .at = DNS_AT(type), .arg = &dns_types,
	  .flags = KW_RESTART, .label = "Type", .json = "type", .synopsis = "TYPE",
	  .help = "Type of the records that are asked for." },
	{ .word = "name", .type = &value_dns_name, .at = DNS_AT(name), .flags = KW_RESTART,
	  .label = "Name", .json = "name", .help = "Domain name that is asked for." },
	CONNECTING_CHECKER_ROWS,
};

static const struct dns_check_config dns_defaults = {
	.checker = CHECKER_DEFAULTS(CHECKER_DNS),
	.type = 6,
	.name = ".",
};

const struct block_type dns_check_block = {
	CHECKER_BLOCK("DNS_CHECK", dns_check_config, dns_keywords, checker_key),
	.defaults = &dns_defaults,
	.done = checker_done,
	.help = "The server is up if it answers a DNS query over UDP.",
};

/* ---- UDP_CHECK ---- */

#define UDP_AT(member) offsetof(struct udp_check_config, member)

static const struct keyword udp_keywords[] = {
	{ .word = "payload", .type = &value_hex, .at = UDP_AT(payload), .flags = KW_RESTART,
	  .label = "Payload", .json = "payload",
	  .default_text = "32 bytes of the text \"keepalived check - \", repeated",
	  .help = "Bytes to send, in hexadecimal; blanks may separate them." },
	{ .word = "require_reply", .type = &value_hex, .at = UDP_AT(reply),
	  .flags = KW_RESTART | KW_OPTIONAL_ARG, .alone = 1, .label = "Require reply",
	  .json = "require_reply", .synopsis = "[HEX...]",
	  .help = "A reply must come; with bytes, it must begin with them. The digit x stands "
		  "for any." },
	{ .word = "min_reply_length", .type = &value_u16, .at = UDP_AT(min_reply_length),
	  .label = "Min reply length", .json = "min_reply_length",
	  .help = "Shortest reply that is accepted." },
	{ .word = "max_reply_length", .type = &value_u16, .at = UDP_AT(max_reply_length),
	  .label = "Max reply length", .json = "max_reply_length",
	  .help = "Longest reply that is accepted." },
	CONNECTING_CHECKER_ROWS,
};

static bool udp_done(struct bind *bind, struct object *object, struct node *node)
{
	const struct udp_check_config *udp = (struct udp_check_config *)(void *)object;

	if (udp->min_reply_length > udp->max_reply_length)
		diag_warning(bind->diags, "conflict", word_place(object, "min_reply_length"),
			     "min_reply_length %u is more than max_reply_length %u: "
			     "no reply can be accepted",
			     udp->min_reply_length, udp->max_reply_length);
	return checker_done(bind, object, node);
}

static const struct udp_check_config udp_defaults = {
	.checker = CHECKER_DEFAULTS(CHECKER_UDP),
	.max_reply_length = 255,
};

const struct block_type udp_check_block = {
	CHECKER_BLOCK("UDP_CHECK", udp_check_config, udp_keywords, checker_key),
	.defaults = &udp_defaults,
	.done = udp_done,
	.help = "The server is up if a datagram draws no ICMP error, or the required reply.",
};

/* ---- FILE_CHECK, BFD_CHECK: no dialogue, their state is pushed ---- */

#define FILE_AT(member) offsetof(struct file_check_config, member)

static const struct keyword file_keywords[] = {
	{ .word = "track_file", .type = &value_named_ref, .at = FILE_AT(name),
	  .flags = KW_REQUIRED | KW_IDENTITY, .label = "Track file", .json = "track_file",
	  .help = "Name of the track_file whose value is followed." },
	{ .word = "weight", .type = &value_file_weight, .at = FILE_AT(weight),
	  .flags = KW_OWN_ROW, RANGE(-INT32_MAX, INT32_MAX), .label = "Weight", .json = "weight",
	  .default_text = "that of the track_file",
	  .help = "Multiplier of the value, which is added to the weight of the server. With 0 "
		  "the server is down while the value is not 0; reverse turns that round." },
};

static void file_key(const struct object *object, struct strbuf *out)
{
	const struct file_check_config *file =
		(const struct file_check_config *)(const void *)object;

	strbuf_addf(out, "FILE_CHECK %s", file->name.name ? file->name.name : "");
}

static const struct file_check_config file_defaults = {
	.checker = CHECKER_DEFAULTS(CHECKER_FILE),
};

const struct block_type file_check_block = {
	CHECKER_BLOCK("FILE_CHECK", file_check_config, file_keywords, file_key),
	.defaults = &file_defaults,
	.done = checker_done,
	.help = "State or weight of the server follow the number in a file.",
};

#define BFD_AT(member) offsetof(struct bfd_check_config, member)

static const struct keyword bfd_keywords[] = {
	{ .word = "name", .type = &value_named_ref, .at = BFD_AT(name),
	  .flags = KW_REQUIRED | KW_IDENTITY, .label = "BFD instance", .json = "name",
	  .help = "Name of the bfd_instance that is followed." },
	CHECKER_ALPHA_ROW,
};

static void bfd_key(const struct object *object, struct strbuf *out)
{
	const struct bfd_check_config *bfd = (const struct bfd_check_config *)(const void *)object;

	strbuf_addf(out, "BFD_CHECK %s", bfd->name.name ? bfd->name.name : "");
}

static const struct bfd_check_config bfd_defaults = {
	.checker = CHECKER_DEFAULTS(CHECKER_BFD),
};

const struct block_type bfd_check_block = {
	CHECKER_BLOCK("BFD_CHECK", bfd_check_config, bfd_keywords, bfd_key),
	.defaults = &bfd_defaults,
	.done = checker_done,
	.help = "The server is up while a BFD session is.",
};
