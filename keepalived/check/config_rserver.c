/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * real_server: keyword table, and the shared parts of the block while it is open.
 */
#include "check/config_rows.h"

#define AT(member) offsetof(struct real_server, member)

static bool server_head(struct bind *bind, struct object *object, struct node *node,
			unsigned *next)
{
	struct real_server *rs = (struct real_server *)(void *)object;
	const struct virtual_server *vs =
		container_of(bind->parent, struct virtual_server, object);
	struct check_parts *parts = vs->parts;
	struct endpoint server;

	if (!read_endpoint(bind, "real_server", node, next, &server))
		return false;
	rs->addr = server.addr;
	rs->port = server.port;
	parts->server_timing = timing_unset;
	parts->rare = rare_none;
	rs->timing = &parts->server_timing;
	rs->rare = &parts->rare;
	/* The method written before this block counts for it even if another one follows. */
	rs->forward = vs->forward;
	return true;
}

static void check_thresholds(struct bind *bind, const struct object *object,
			     const struct server_rare *rare)
{
	if (rare->uthreshold && rare->lthreshold > rare->uthreshold)
		diag_note(bind->diags, "conflict", word_place(object, "lthreshold"),
			  "lthreshold %u is more than uthreshold %u: a full server is used "
			  "again at once", rare->lthreshold, rare->uthreshold);
}

static bool server_done(struct bind *bind, struct object *object, struct node *node)
{
	struct real_server *rs = (struct real_server *)(void *)object;
	struct check_parts *parts = parts_of_server(rs);
	uint32_t lines = node->close_at.line - object->at.line;

	rs->end_lines = lines <= UINT16_MAX ? (uint16_t)lines : 0;
	check_thresholds(bind, object, rs->rare);
	rs->timing = parts->last_server_timing =
		part_settle(bind->arena, &parts->server_timing, &timing_unset,
			    parts->last_server_timing, sizeof(struct check_timing));
	rs->rare = parts->last_rare = part_settle(bind->arena, &parts->rare, &rare_none,
						  parts->last_rare, sizeof(struct server_rare));
	return true;
}

static void server_print_head(const struct object *object, struct strbuf *out)
{
	const struct real_server *rs = (const struct real_server *)(const void *)object;

	print_endpoint(rs->addr, rs->port, out);
}

#define CHECKER_ROW(word_, block, help_)                                                   \
	{ .word = (word_), .type = &value_block, .at = AT(checkers), .arg = &(block),      \
	  .flags = KW_APPEND | KW_OWN_ROW, .json = "checkers", .help = (help_) }

#define RARE_ROW(word_, member, value, flags_)                                             \
	.word = (word_), .json = (word_), .at = AT(rare),                                  \
	.flags = KW_OWN_ROW | (flags_), PART(server_rare, member, value, NULL)

static const struct keyword server_keywords[] = {
	{ .word = "weight", .type = &value_i32, .at = AT(weight), RANGE(0, INT32_MAX),
	  .flags = KW_OWN_ROW, .stored = weight_stored, .label = "initial weight", .json = "weight",
	  .default_text = "weight of the virtual server",
	  .help = "Share of the connections that this server gets." },
	{ .word = "lvs_method", .type = &value_forward, .at = AT(forward),
	  .flags = KW_OWN_ROW,
	  .label = "forwarding method", .json = "lvs_method",
	  .default_text = "that of the virtual server",
	  .help = "How packets reach this server." },
	{ RARE_ROW("uthreshold", uthreshold, value_u32, 0), .type = &part_u32,
	  .label = "connection limit", .default_text = "none",
	  .help = "From this many connections on the server gets no new ones." },
	{ RARE_ROW("lthreshold", lthreshold, value_u32, 0), .type = &part_u32,
	  .default_text = "three quarters of uthreshold",
	  .help = "Below this many connections a full server gets new ones again." },
	{ .word = "inhibit_on_failure", .type = &value_tristate, .at = AT(inhibit),
	  INHERITED_TRISTATE, .label = "Inhibit on failure is", .json = "inhibit_on_failure",
	  .default_text = "that of the virtual server",
	  .help = "A failed server stays in the table with weight 0." },
	{ RARE_ROW("notify_up", notify_up, value_script, KW_FIRST_WINS), .type = &part_script,
	  .label = "RS up notify script",
	  .help = "Program to run when the server comes up." },
	{ RARE_ROW("notify_down", notify_down, value_script, KW_FIRST_WINS), .type = &part_script,
	  .label = "RS down notify script",
	  .help = "Program to run when the server goes down." },
	{ .word = "alpha", .type = &value_tristate, .at = AT(alpha), INHERITED_TRISTATE,
	  .label = "Alpha is", .json = "alpha", .default_text = "that of the virtual server",
	  .help = "The server is down until its checks have succeeded once." },
	TIMING_ROWS(AT(timing), 1),
	CONNECT_TIMEOUT_ROW(AT(timing)),
	{ .word = "smtp_alert", .type = &value_tristate, .at = AT(smtp_alert),
	  INHERITED_TRISTATE, .label = "Using smtp notification", .json = "smtp_alert",
	  .default_text = "smtp_alert_checker, else smtp_alert, else on",
	  .help = "Send a mail when the server changes its state." },
	{ RARE_ROW("virtualhost", virtualhost, value_text, 0), .type = &part_text,
	  .label = "VirtualHost", .default_text = "that of the virtual server",
	  .help = "Host header of HTTP checks." },
	{ RARE_ROW("snmp_name", snmp_name, value_text, KW_EXTRA_IGNORED), .type = &part_text,
	  .stored = one_word_stored, .label = "SNMP name",
	  .help = "Name of the server for SNMP." },
	CHECKER_ROW("TCP_CHECK", tcp_check_block, "Check by a TCP connection."),
	CHECKER_ROW("HTTP_GET", http_check_block, "Check by HTTP requests."),
	CHECKER_ROW("SSL_GET", ssl_check_block, "Check by HTTP requests over TLS."),
	CHECKER_ROW("SMTP_CHECK", smtp_check_block, "Check by a mail dialogue."),
	CHECKER_ROW("DNS_CHECK", dns_check_block, "Check by a DNS query."),
	CHECKER_ROW("MISC_CHECK", misc_check_block, "Check by a program."),
	CHECKER_ROW("UDP_CHECK", udp_check_block, "Check by a datagram."),
	CHECKER_ROW("PING_CHECK", ping_check_block, "Check by ICMP echo."),
	CHECKER_ROW("FILE_CHECK", file_check_block, "Follow the number in a file."),
	CHECKER_ROW("BFD_CHECK", bfd_check_block, "Follow a BFD session."),
};

static const struct real_server server_defaults = {
	.timing = &timing_unset,
	.rare = &rare_none,
	.weight = -1,
};

const struct block_type real_server_block = {
	.name = "real_server",
	.form = BLOCK_KEYWORDS,
	KEYWORDS(server_keywords),
	.size = sizeof(struct real_server),
	.defaults = &server_defaults,
	.head = server_head,
	.head_synopsis = "ADDRESS [PORT]",
	.done = server_done,
	.print_head = server_print_head,
	.key = server_print_head,
	.help = "One server behind the virtual server. Without a check it is always up.",
};
