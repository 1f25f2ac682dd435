/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vrrp_script and the built-in checks track_tcp, track_http, track_ping.
 *
 * They are one kind of thing to those who track them. Whether a script can be run is vetted by
 * core/script.c; who tracks it is worked out by config_check_track.c.
 */
#include "vrrp/config_track.h"

#include "base/num.h"
#include "core/config.h"
#include "vrrp/config_value.h"

#define AT(m) offsetof(struct vrrp_script_config, m)
#define SCRIPT_EVERY_MAX 4294
#define HTTP_PORT	 80

/* Rows that scripts and built-in checks share. */
#define CHECK_ROWS                                                                               \
	{ .word = "interval", .type = &value_span, .at = AT(every), .min = NS_OF_MSEC(1),        \
	  .max = NS_OF_SEC(SCRIPT_EVERY_MAX), .label = "Interval", .json = "interval",             \
	  .help = "Time from the start of one run to the start of the next." },                  \
	{ .word = "timeout", .type = &value_span, .at = AT(timeout), .min = 1000000,             \
	  .max = NS_OF_SEC(SCRIPT_EVERY_MAX), .default_text = "interval", .label = "Timeout",      \
	  .json = "timeout", .help = "A run that takes longer is ended and counts as failed." }, \
	{ .word = "weight", .type = &value_track_weight, .at = AT(weight), .max = 253,           \
	  .label = "Weight", .json = "weight",                                                   \
	  .help = "Change of the priority: a positive weight is added while it is up, a "        \
		  "negative one while it is down. 0: down means FAULT. reverse swaps up and "    \
		  "down." },                                                                     \
	{ .word = "rise", .type = &value_u32, .at = AT(rise), .min = 1, .max = INT32_MAX,        \
	  .label = "Rise", .json = "rise", .help = "Successes needed to be up." },               \
	{ .word = "fall", .type = &value_u32, .at = AT(fall), .min = 1, .max = INT32_MAX,        \
	  .label = "Fall", .json = "fall", .help = "Failures needed to be down." },              \
	{ .word = "init_fail", .type = &value_flag, .at = AT(init_fail),                         \
	  .flags = KW_EXTRA_IGNORED, .json = "init_fail",                                        \
	  .help = "Start as down: rise successes are needed to be up." }

static const struct keyword script_keywords[] = {
	{ .word = "script", .type = &value_script, .at = AT(script), .flags = KW_REQUIRED,
	  .arg = &script_keywords, .label = "Command", .json = "script",
	  .help = "The command, in quotes if it has arguments. Exit status 0 is success." },
	CHECK_ROWS,
	{ .word = "user", .type = &value_script_owner, .at = AT(owner), .json = "user",
	  .help = "User and group that it runs as." },
};

#define HOST_ROW(required)                                                               \
	{ .word = "host", .type = &value_addr, .at = AT(host),                           \
	  .flags = (required) | KW_RESTART, .label = "Host", .json = "host",             \
	  .help = "Address that is checked." }
#define DEV_ROW                                                                          \
	{ .word = "dev", .type = &value_ifname, .at = AT(bind_if), .flags = KW_RESTART,  \
	  .label = "Interface", .json = "dev", .help = "Send through this interface." }

static const struct keyword tcp_keywords[] = {
	HOST_ROW(KW_REQUIRED),
	{ .word = "port", .type = &value_u16, .at = AT(port), .min = 1, .max = UINT16_MAX,
	  .flags = KW_REQUIRED | KW_RESTART, .label = "Port", .json = "port",
	  .help = "TCP port to connect to." },
	DEV_ROW,
	CHECK_ROWS,
};

struct http_status {
	uint16_t min, max;
};

/* N or N-M, from 100 to 599. */
static bool parse_status(struct bind *b, const struct keyword *kw, struct node *node,
			 unsigned *next, void *field)
{
	const struct word *word = value_next_word(b, kw, node, next);
	struct vrrp_script_config *s = (void *)((char *)field - kw->at);
	uint64_t min, max;
	const char *end;

	if (!word)
		return false;
	bool ok = num_scan_u64(word->text, 10, &min, &end);

	max = min;
	if (ok && *end == '-')
		ok = num_scan_u64(end + 1, 10, &max, &end);
	if (!ok || *end || min < 100 || max > 599 || min > max) {
		diag_error(b->diags, "bad-range", word->at,
			   "'%s' is not an HTTP status from 100 to 599 or a range A-B of them",
			   word->text);
		return false;
	}
	s->status_min = (uint16_t)min;
	s->status_max = (uint16_t)max;
	return true;
}

static void print_status(const struct keyword *kw, const void *field, struct strbuf *out)
{
	const struct vrrp_script_config *s = (const void *)((const char *)field - kw->at);

	strbuf_addf(out, "%u-%u", s->status_min, s->status_max);
}

static bool equal_status(const struct keyword *kw, const void *a, const void *b)
{
	const struct vrrp_script_config *x = (const void *)((const char *)a - kw->at);
	const struct vrrp_script_config *y = (const void *)((const char *)b - kw->at);

	return x->status_min == y->status_min && x->status_max == y->status_max;
}

static const struct value_type value_status = {
	.name = "HTTP status",
	.size = sizeof(uint16_t),
	.parse = parse_status,
	.print = print_status,
	.equal = equal_status,
	.synopsis = "N[-N]",
};

static const struct keyword http_keywords[] = {
	{ .word = "url", .type = &value_text, .at = AT(url), .flags = KW_REQUIRED | KW_RESTART,
	  .label = "URL", .json = "url",
	  .help = "What is asked for: http://HOST[:PORT][/PATH]. With host, HOST may be a name." },
	{ .word = "status", .type = &value_status, .at = AT(status_min), .json = "status",
	  .default_text = "200-299", .help = "HTTP status that counts as success, or a range." },
	HOST_ROW(0),
	DEV_ROW,
	CHECK_ROWS,
};

static const struct keyword ping_keywords[] = { HOST_ROW(KW_REQUIRED), DEV_ROW, CHECK_ROWS };

#define CHECK_DEFAULTS .every = SEC(1), .rise = 1, .fall = 1

static const struct vrrp_script_config script_defaults = {
	.kind = VRRP_CHECK_SCRIPT, CHECK_DEFAULTS,
};
static const struct vrrp_script_config tcp_defaults = {
	.kind = VRRP_CHECK_TCP, CHECK_DEFAULTS,
};
static const struct vrrp_script_config http_defaults = {
	.kind = VRRP_CHECK_HTTP, .status_min = 200, .status_max = 299, CHECK_DEFAULTS,
};
static const struct vrrp_script_config ping_defaults = {
	.kind = VRRP_CHECK_PING, CHECK_DEFAULTS,
};

static void default_timeout(struct vrrp_script_config *s)
{
	if (kspan_is_zero(s->timeout))
		s->timeout = s->every;
}

static bool script_done(struct bind *b, struct object *object, struct node *node)
{
	struct vrrp_script_config *s = (void *)object;

	default_timeout(s);
	script_set_block(b->root, s->script,
			 &(struct script_block){ .keyword = "vrrp_script",
						 .name = object->name,
						 .owner = &s->owner,
						 .owner_at = object_place(object, AT(owner)),
						 .end_at = node->close_at });
	return config_symbol_add(b, SYMBOL_SCRIPT, object);
}

static bool host_check_done(struct bind *b, struct object *object, struct node *node)
{
	struct vrrp_script_config *s = (void *)object;

	(void)node;
	default_timeout(s);
	/* without: has been reported */
	return addr_is_set(s->host) && config_symbol_add(b, SYMBOL_SCRIPT, object);
}

static bool url_error(struct bind *b, const struct vrrp_script_config *s, const char *why)
{
	struct diag *d = diag_error(b->diags, "bad-url", object_place(&s->object, AT(url)),
				    "'%s': %s", s->url, why);

	diag_hint(b->diags, d, "write http://HOST[:PORT][/PATH]");
	return false;
}

/* HOST, [HOST] or either with :PORT; where the port begins, NULL if there is none. */
static const char *url_port(const char *host, const char *end)
{
	const char *colon = *host == '[' ? memchr(host, ']', (size_t)(end - host)) : host - 1;

	if (!colon)
		return NULL;
	colon = memchr(colon + 1, ':', (size_t)(end - colon - 1));
	return colon;
}

static bool url_split(struct bind *b, struct vrrp_script_config *s)
{
	if (!str_starts(s->url, "http://"))
		return url_error(b, s, "not an http URL");
	const char *host = s->url + strlen("http://");
	const char *end = host + strcspn(host, "/");
	const char *colon = url_port(host, end);
	const char *host_end = colon ? colon : end;
	uint64_t port = HTTP_PORT;

	if (colon) {
		const char *text = arena_strndup(b->arena, colon + 1, (size_t)(end - colon - 1));

		if (num_parse_u64(text, 10, 1, UINT16_MAX, &port) != NUM_OK)
			return url_error(b, s, "the port is not a number from 1 to 65535");
	}
	if (host_end == host)
		return url_error(b, s, "the host is missing");
	s->port = (uint16_t)port;
	s->http_host = arena_strndup(b->arena, host, (size_t)(host_end - host));
	s->http_path = *end ? arena_strdup(b->arena, end) : "/";
	return true;
}

/* The address to connect to: host, else that in the URL. Names are not looked up. */
static bool url_host(struct bind *b, struct vrrp_script_config *s)
{
	const char *host = s->http_host;
	size_t len = strlen(host);
	const char *bare = host;

	if (addr_is_set(s->host))
		return true;
	if (host[0] == '[' && host[len - 1] == ']')
		bare = arena_strndup(b->arena, host + 1, len - 2);
	if (addr_parse(bare, &s->host))
		return true;
	struct diag *d = diag_error(b->diags, "bad-url", object_place(&s->object, AT(url)),
				    "'%s' is a name, and names are not looked up", host);

	diag_hint(b->diags, d, "add the address to connect to: host ADDR");
	return false;
}

static bool http_done(struct bind *b, struct object *object, struct node *node)
{
	struct vrrp_script_config *s = (void *)object;

	(void)node;
	default_timeout(s);
	return s->url && url_split(b, s) && url_host(b, s) &&
	       config_symbol_add(b, SYMBOL_SCRIPT, object);
}

#define CHECK_BLOCK(name_, rows, defaults_, done_)                                        \
	.name = (name_), .form = BLOCK_KEYWORDS, KEYWORDS(rows),                          \
	.size = sizeof(struct vrrp_script_config), .defaults = &(defaults_),              \
	.head = block_name, .head_synopsis = "NAME", .done = (done_)

const struct block_type vrrp_script_block = {
	CHECK_BLOCK("vrrp_script", script_keywords, script_defaults, script_done),
	.help = "A program that is run again and again; its exit status changes priorities or "
		"decides on FAULT. Named in track_script.",
};
const struct block_type vrrp_track_tcp_block = {
	CHECK_BLOCK("track_tcp", tcp_keywords, tcp_defaults, host_check_done),
	.help = "A check without a program: can a TCP connection be made? Named in track_script.",
};
const struct block_type vrrp_track_http_block = {
	CHECK_BLOCK("track_http", http_keywords, http_defaults, http_done),
	.help = "A check without a program: is an HTTP GET answered with an expected status? "
		"Named in track_script.",
};
const struct block_type vrrp_track_ping_block = {
	CHECK_BLOCK("track_ping", ping_keywords, ping_defaults, host_check_done),
	.help = "A check without a program: is an echo request answered? Named in track_script.",
};
