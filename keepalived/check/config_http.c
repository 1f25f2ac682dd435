/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keyword tables of HTTP_GET, SSL_GET, their url blocks, and the SSL block.
 */
#include "check/config_rows.h"

#define CHECKER_AT(member) offsetof(struct checker_config, member)
#define HTTP_AT(member)	   offsetof(struct http_check_config, member)
#define URL_AT(member)	   offsetof(struct http_url_config, member)
#define SSL_AT(member)	   offsetof(struct ssl_config, member)

#define REGEX_FLAGS (BUILT_REGEX ? 0 : KW_NOT_BUILT)

/* ---- url ---- */

#define URL_ROWS                                                                           \
	{ .word = "path", .type = &value_text, .at = URL_AT(path),                         \
	  .flags = KW_REQUIRED | KW_IDENTITY | KW_LAST_WINS, .label = "Checked url",       \
	  .json = "path",                                                                  \
	  .help = "What to ask for: path and query of the URL." },                         \
	{ .word = "digest", .type = &value_md5, .at = URL_AT(digest),                      \
	  .flags = KW_FIRST_WINS, .label = "digest", .json = "digest",                     \
	  .help = "MD5 digest that the body must have, as genhash computes it." },         \
	{ .word = "status_code", .type = &value_http_status, .at = URL_AT(status),         \
	  .flags = KW_APPEND, .label = "HTTP Status Code(s)", .json = "status_code",       \
	  .default_text = "200-299",                                                       \
	  .help = "Status codes that count as success." },                                 \
	{ .word = "virtualhost", .type = &value_text, .at = URL_AT(virtualhost),           \
	  .flags = KW_OWN_ROW | KW_LAST_WINS, .label = "VirtualHost",                      \
	  .json = "virtualhost",                                                           \
	  .default_text = "that of the check",                                             \
	  .help = "Host header of the request." },                                         \
	{ .word = "regex", .type = &value_regex, .at = URL_AT(regex),                      \
	  .flags = REGEX_FLAGS, .label = "Regex", .json = "regex",                         \
	  .help = "Perl-compatible regular expression that must match the reply." },       \
	{ .word = "regex_no_match", .type = &value_flag, .at = URL_AT(regex.no_match),     \
	  .flags = REGEX_FLAGS, .label = "Regex no match", .json = "regex_no_match",       \
	  .help = "The regular expression must not match." },                              \
	{ .word = "regex_options", .type = &value_regex_options,                           \
	  .at = URL_AT(regex.options), .flags = REGEX_FLAGS | KW_APPEND,                   \
	  .label = "Regex options", .json = "regex_options",                               \
	  .help = "Options for compiling the regular expression, by their PCRE2 names." }, \
	{ .word = "regex_min_offset", .type = &value_u64, .at = URL_AT(regex.min_offset),  \
	  .flags = REGEX_FLAGS, .label = "Regex min offset", .json = "regex_min_offset",   \
	  .help = "First offset in the reply where a match may start." },                  \
	{ .word = "regex_max_offset", .type = &value_u64, .at = URL_AT(regex.max_offset),  \
	  .flags = REGEX_FLAGS, .label = "Regex max offset", .json = "regex_max_offset",   \
	  .default_text = "none",                                                          \
	  .help = "Last offset in the reply where a match may start." },                   \
	{ .word = "regex_stack", .type = &value_regex_stack, .at = URL_AT(regex.stack),    \
	  .flags = REGEX_FLAGS, .label = "Regex stack", .json = "regex_stack",             \
	  .default_text = "that of the library",                                           \
	  .help = "First and largest size in bytes of the stack for matching." }

static const struct keyword url_keywords[] = {
	URL_ROWS,
};

static const struct keyword ssl_url_keywords[] = {
	URL_ROWS,
	{ .word = "tls_compliant", .type = &value_bool, .at = URL_AT(tls_compliant),
	  .flags = KW_OPTIONAL_ARG | KW_OWN_ROW, .alone = 1, .json = "tls_compliant",
	  .help = "End the connection for this URL with close_notify, as the standard asks." },
};

static void drop_offsets(struct http_regex *regex)
{
	regex->min_offset = 0;
	regex->max_offset = UINT64_MAX;
}

/* What concerns the regular expression has always been said in the log only: notes. */
static void check_regex(struct bind *bind, const struct object *object, struct http_regex *regex)
{
	static const char *const words[] = { "regex_no_match", "regex_options",
					     "regex_min_offset", "regex_max_offset",
					     "regex_stack" };

	if (regex->min_offset > regex->max_offset) {
		diag_note(bind->diags, "conflict", word_place(object, "regex_max_offset"),
			  "regex_max_offset is below regex_min_offset; both are ignored");
		drop_offsets(regex);
	}
	if (regex->pattern)
		return;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (word_is_set(object, words[i]))
			diag_note(bind->diags, "no-effect", word_place(object, words[i]),
				  "%s has no effect without regex", words[i]);
}

static bool url_done(struct bind *bind, struct object *object, struct node *node)
{
	struct http_url_config *url = (struct http_url_config *)(void *)object;

	(void)node;
	check_regex(bind, object, &url->regex);
	return url->path != NULL;	/* its absence has been reported */
}

static void url_key(const struct object *object, struct strbuf *out)
{
	const struct http_url_config *url = (const struct http_url_config *)(const void *)object;

	strbuf_add(out, url->path ? url->path : "");
}

static const struct http_url_config url_defaults = {
	.regex.max_offset = UINT64_MAX,
};

#define URL_BLOCK(table)                                                                   \
	.name = "url", .form = BLOCK_KEYWORDS, KEYWORDS(table),                            \
	.size = sizeof(struct http_url_config), .defaults = &url_defaults,                 \
	.done = url_done, .key = url_key, .help = "One request and what its reply must be."

static const struct block_type url_block = {
	URL_BLOCK(url_keywords),
};

static const struct block_type ssl_url_block = {
	URL_BLOCK(ssl_url_keywords),
};

/* ---- HTTP_GET, SSL_GET ---- */

static const struct enum_word protocol_list[] = {
	{ .word = "1.0", .value = HTTP_1_0 },
	{ .word = "1.0C", .value = HTTP_1_0C },
	{ .word = "1.0c", .value = HTTP_1_0C },
	{ .word = "1.1", .value = HTTP_1_1 },
};
static const struct enum_words protocol_words = {
	.words = protocol_list,
	.n = ARRAY_LEN(protocol_list),
	.what = "a version of HTTP",
};

/* A name switches SNI on, and so does the keyword alone. */
static void sni_stored(struct bind *bind, const struct keyword *row, struct node *node,
		       void *object)
{
	struct http_check_config *http = object;

	(void)bind;
	(void)row;
	(void)node;
	http->enable_sni = true;
	if (http->sni_name && !*http->sni_name)
		http->sni_name = NULL;
}

/* The name is optional, which value_text does not know. */
static bool sni_parse(struct bind *bind, const struct keyword *row, struct node *node,
		      unsigned *next, void *field)
{
	if (*next < node->n_words)
		return value_text.parse(bind, row, node, next, field);
	*(const char **)field = "";
	return true;
}

static void sni_print(const struct keyword *row, const void *field, struct strbuf *out)
{
	const char *name = *(const char *const *)field;

	(void)row;
	if (name)
		value_print_word(name, out);
}

static bool sni_equal(const struct keyword *row, const void *a, const void *b)
{
	(void)row;
	return str_eq(*(const char *const *)a, *(const char *const *)b);
}

static const struct value_type value_sni = {
	.name = "text",
	.size = sizeof(const char *),
	.parse = sni_parse,
	.print = sni_print,
	.equal = sni_equal,
	.synopsis = "[NAME]",
};

#define HTTP_ROWS(url_block_)                                                              \
	{ .word = "url", .type = &value_block, .at = HTTP_AT(urls), .arg = &(url_block_),  \
	  .flags = KW_REQUIRED | KW_APPEND | KW_RESTART, .json = "urls",                   \
	  .help = "Request to make; several are made in turn, one each delay_loop." },     \
	{ .word = "virtualhost", .type = &value_text, .at = HTTP_AT(virtualhost),          \
	  .label = "VirtualHost", .json = "virtualhost",                                   \
	  .default_text = "that of the real server",                                       \
	  .help = "Host header of the requests." },                                        \
	{ .word = "http_protocol", .type = &value_enum, .at = HTTP_AT(protocol),           \
	  .arg = &protocol_words, .label = "http protocol", .json = "http_protocol",       \
	  .synopsis = "1.0|1.0C|1.1",                                                      \
	  .help = "Version of the requests; 1.0C and 1.1 send Connection: close." },       \
	{ .word = "enable_sni", .type = &value_bool, .at = HTTP_AT(enable_sni),            \
	  OPTIONAL_BOOL, .label = "Enable SNI", .json = "enable_sni",                      \
	  .help = "Name the host in the TLS handshake." },                                 \
	{ .word = "sni_name", .type = &value_sni, .at = HTTP_AT(sni_name),                 \
	  .flags = KW_OPTIONAL_ARG, .stored = sni_stored, .label = "SNI name",             \
	  .json = "sni_name", .default_text = "the virtualhost",                           \
	  .help = "Name for the TLS handshake; switches enable_sni on." },                 \
	{ .word = "fast_recovery", .type = &value_bool, .at = HTTP_AT(fast_recovery),      \
	  OPTIONAL_BOOL, .label = "Fast recovery", .json = "fast_recovery",                \
	  .help = "While the server is down, make the requests without delay between "     \
		  "them." },                                                               \
	{ .word = "nb_get_retry", .type = &part_i64, .at = CHECKER_AT(timing),             \
	  PART(check_timing, retry, value_i64, NULL), RANGE(0, UINT32_MAX),                \
	  .flags = KW_OWN_ROW | KW_DEPRECATED | KW_MASKED, .instead = "retry",             \
	  .help = "Old name of retry." },                                                  \
	CONNECTING_CHECKER_ROWS

static const struct keyword http_keywords[] = {
	HTTP_ROWS(url_block),
};

static const struct keyword ssl_get_keywords[] = {
	HTTP_ROWS(ssl_url_block),
	{ .word = "tls_compliant", .type = &value_bool, .at = HTTP_AT(tls_compliant),
	  OPTIONAL_BOOL, .label = "TLS compliant", .json = "tls_compliant",
	  .help = "End connections with close_notify, as the standard asks." },
};

static bool http_done(struct bind *bind, struct object *object, struct node *node)
{
	const struct http_check_config *http = (struct http_check_config *)(void *)object;
	bool ok = checker_done(bind, object, node);

	if (http->urls.n)
		return ok;
	if (word_is_set(object, "url"))
		diag_error(bind->diags, "missing-keyword", object->at,
			   "%s has no usable url; the check is dropped", object->type->name);
	return false;	/* no url at all has been reported */
}

static const struct http_check_config http_defaults = {
	.checker = CHECKER_DEFAULTS(CHECKER_HTTP),
};

const struct block_type http_check_block = {
	CHECKER_BLOCK("HTTP_GET", http_check_config, http_keywords, checker_key),
	.defaults = &http_defaults,
	.done = http_done,
	.help = "The server is up if HTTP requests give the expected replies.",
};

static const struct http_check_config ssl_get_defaults = {
	.checker = CHECKER_DEFAULTS(CHECKER_SSL),
};

const struct block_type ssl_check_block = {
	CHECKER_BLOCK("SSL_GET", http_check_config, ssl_get_keywords, checker_key),
	.defaults = &ssl_get_defaults,
	.done = http_done,
	.help = "The server is up if HTTP requests over TLS give the expected replies.",
};

/* ---- SSL ---- */

static const struct keyword ssl_keywords[] = {
	{ .word = "password", .type = &value_text, .at = SSL_AT(password),
	  .flags = KW_SECRET | KW_LAST_WINS,
	  .label = "Password", .help = "Pass phrase of the private key." },
	{ .word = "ca", .type = &value_path, .at = SSL_AT(ca), .arg = "",
	  .flags = KW_LAST_WINS, .label = "CA-file",
	  .json = "ca", .synopsis = "FILE",
	  .help = "Certificates of authorities, in PEM form." },
	{ .word = "certificate", .type = &value_path, .at = SSL_AT(certificate), .arg = "",
	  .flags = KW_LAST_WINS,
	  .label = "Certificate file", .json = "certificate", .synopsis = "FILE",
	  .help = "Certificate, and its chain, that checks present to servers." },
	{ .word = "key", .type = &value_path, .at = SSL_AT(key), .arg = "",
	  .flags = KW_LAST_WINS,
	  .label = "Key file", .json = "key", .synopsis = "FILE",
	  .help = "Private key of the certificate." },
};

const struct block_type ssl_block = {
	.name = "SSL",
	.form = BLOCK_KEYWORDS,
	KEYWORDS(ssl_keywords),
	.size = sizeof(struct ssl_config),
	.help = "TLS settings that all SSL_GET checks use.",
};
