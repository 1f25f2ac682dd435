/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Value types that only process-wide keywords need.
 *
 * What is of use to any configuration is in lib/config/value.c. Memory is the configuration's.
 */
#include "core/config_global_value.h"

#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "core/config_global.h"

#define COMM_MAX 15

/* The words of @node from *next on, or NULL at the end. */
static const struct word *more(const struct node *node, const unsigned *next)
{
	return *next < node->n_words ? &node->words[*next] : NULL;
}

static bool comm_parse(struct bind *b, const struct keyword *k, struct node *node, unsigned *next,
		       void *field)
{
	const struct word *w = value_next_word(b, k, node, next);
	const char **out = field;

	if (!w)
		return false;
	if (!w->text[0]) {
		diag_error(b->diags, "bad-name", w->at, "%s needs a name that is not empty",
			   k->word);
		return false;
	}
	if (strlen(w->text) > COMM_MAX)
		diag_warning(b->diags, "name-cut", w->at,
			     "process name '%s' is longer than %d characters and is cut to "
			     "'%.*s'",
			     w->text, COMM_MAX, COMM_MAX, w->text);
	*out = arena_strndup(b->arena, w->text, strnlen(w->text, COMM_MAX));
	return true;
}

static void text_print(const struct keyword *k, const void *field, struct strbuf *out)
{
	const char *const *text = field;

	(void)k;
	if (*text)
		value_print_word(*text, out);
}

static bool text_equal(const struct keyword *k, const void *a, const void *b)
{
	(void)k;
	return str_eq(*(const char *const *)a, *(const char *const *)b);
}

const struct value_type value_comm = {
	.name = "process name",
	.size = sizeof(const char *),
	.parse = comm_parse,
	.print = text_print,
	.equal = text_equal,
	.synopsis = "NAME",
};

static bool or_text_parse(struct bind *b, const struct keyword *k, struct node *node,
			  unsigned *next, void *field)
{
	const struct word *w = more(node, next);
	const char **out = field;

	if (w)
		(*next)++;
	*out = w ? arena_strdup(b->arena, w->text) : k->arg;
	return true;
}

static void or_text_print(const struct keyword *k, const void *field, struct strbuf *out)
{
	const char *const *text = field;

	if (*text && !str_eq(*text, k->arg))
		value_print_word(*text, out);
}

const struct value_type value_or_text = {
	.name = "optional word",
	.size = sizeof(const char *),
	.parse = or_text_parse,
	.print = or_text_print,
	.equal = text_equal,
	.synopsis = "[NAME]",
};

static bool clamped_parse(struct bind *b, const struct keyword *k, struct node *node,
			  unsigned *next, void *field)
{
	const struct word *w = value_next_word(b, k, node, next);
	uint32_t *out = field;
	int64_t n;

	if (!w || !value_read_i64(b, k->word, w, INT32_MIN, UINT32_MAX, &n))
		return false;
	if (n < k->min || n > k->max) {
		int64_t end = n < k->min ? k->min : k->max;

		diag_warning(b->diags, "clamped", w->at,
			     "%s %lld is outside %lld to %lld; %lld is used", k->word,
			     (long long)n, (long long)k->min, (long long)k->max, (long long)end);
		n = end;
	}
	*out = (uint32_t)n;
	return true;
}

static void u32_print(const struct keyword *k, const void *field, struct strbuf *out)
{
	(void)k;
	strbuf_addf(out, "%u", *(const uint32_t *)field);
}

const struct value_type value_clamped_u32 = {
	.name = "number",
	.size = sizeof(uint32_t),
	.parse = clamped_parse,
	.print = u32_print,
	.synopsis = "N",
};

#define NS_PER_S INT64_C(1000000000)

static bool seconds_parse(struct bind *b, const struct keyword *k, struct node *node,
			  unsigned *next, void *field)
{
	const struct word *w = value_next_word(b, k, node, next);
	uint64_t max = k->max ? (uint64_t)(k->max / NS_PER_S) : UINT32_MAX;
	kspan *out = field;
	uint64_t n;

	if (!w || !value_read_u64(b, k->word, w, (uint64_t)(k->min / NS_PER_S), max, &n))
		return false;
	*out = SEC(n);
	return true;
}

static void seconds_print(const struct keyword *k, const void *field, struct strbuf *out)
{
	(void)k;
	strbuf_addf(out, "%lld", (long long)kspan_sec(*(const kspan *)field));
}

const struct value_type value_whole_seconds = {
	.name = "number of seconds",
	.size = sizeof(kspan),
	.unit = NS_PER_S,
	.parse = seconds_parse,
	.print = seconds_print,
	.synopsis = "SECONDS",
};

static bool smtp_server_parse(struct bind *b, const struct keyword *k, struct node *node,
			      unsigned *next, void *field)
{
	const struct word *w = value_next_word(b, k, node, next);
	struct smtp_server server = { .port = 25 };
	uint64_t port;

	if (!w)
		return false;
	server.host = arena_strdup(b->arena, w->text);
	w = more(node, next);
	if (w) {
		(*next)++;
		if (!value_read_u64(b, "port", w, 1, UINT16_MAX, &port))
			return false;
		server.port = (uint16_t)port;
	}
	*(struct smtp_server *)field = server;
	return true;
}

static void smtp_server_print(const struct keyword *k, const void *field, struct strbuf *out)
{
	const struct smtp_server *server = field;

	(void)k;
	if (!server->host)
		return;
	value_print_word(server->host, out);
	strbuf_addf(out, " %u", server->port);
}

static bool smtp_server_equal(const struct keyword *k, const void *a, const void *b)
{
	const struct smtp_server *x = a, *y = b;

	(void)k;
	return str_eq(x->host, y->host) && x->port == y->port;
}

const struct value_type value_smtp_server = {
	.name = "mail server",
	.size = sizeof(struct smtp_server),
	.parse = smtp_server_parse,
	.print = smtp_server_print,
	.equal = smtp_server_equal,
	.synopsis = "HOST [PORT]",
};

#define CPU_MAX 4095

/* One bad number clears the whole set, as in keepalived 2.4. */
static bool cpu_list_parse(struct bind *b, const struct keyword *k, struct node *node,
			   unsigned *next, void *field)
{
	struct cpu_list *list = field;
	uint64_t cpu;

	if (!value_next_word(b, k, node, next))
		return false;
	--*next;
	list->cpus = arena_calloc(b->arena, node->n_words - *next, sizeof(*list->cpus));
	list->n = 0;
	for (; *next < node->n_words; ++*next) {
		if (!value_read_u64(b, "CPU", &node->words[*next], 0, CPU_MAX, &cpu)) {
			list->n = 0;
			return false;
		}
		list->cpus[list->n++] = (uint16_t)cpu;
	}
	return true;
}

static void cpu_list_print(const struct keyword *k, const void *field, struct strbuf *out)
{
	const struct cpu_list *list = field;

	(void)k;
	for (uint32_t i = 0; i < list->n; i++)
		strbuf_addf(out, i ? " %u" : "%u", list->cpus[i]);
}

static bool cpu_list_equal(const struct keyword *k, const void *a, const void *b)
{
	const struct cpu_list *x = a, *y = b;

	(void)k;
	return x->n == y->n && (!x->n || !memcmp(x->cpus, y->cpus, x->n * sizeof(*x->cpus)));
}

const struct value_type value_cpu_list = {
	.name = "list of CPUs",
	.size = sizeof(struct cpu_list),
	.parse = cpu_list_parse,
	.print = cpu_list_print,
	.equal = cpu_list_equal,
	.synopsis = "CPU ...",
};

static bool fifo_parse(struct bind *b, const struct keyword *k, struct node *node, unsigned *next,
		       void *field)
{
	const struct word *w = value_next_word(b, k, node, next);
	const struct script_scope *scope = script_scope_of(b);
	struct fifo_config fifo = { 0 };

	if (!w)
		return false;
	fifo.path = arena_strdup(b->arena, w->text);
	fifo.at = w->at;
	if (more(node, next) && !value_script_owner.parse(b, k, node, next, &fifo.owner))
		return false;
	if (scope)
		fifo.default_owner = scope->owner;
	*(struct fifo_config *)field = fifo;
	return true;
}

static void fifo_print(const struct keyword *k, const void *field, struct strbuf *out)
{
	const struct fifo_config *fifo = field;
	const struct script_owner *owner = fifo->owner.user ? &fifo->owner : &fifo->default_owner;

	if (!fifo->path)
		return;
	value_print_word(fifo->path, out);
	if (!owner->user)
		return;
	strbuf_add_char(out, ' ');
	value_script_owner.print(k, owner, out);
}

static bool owner_equal(const struct script_owner *a, const struct script_owner *b)
{
	return str_eq(a->user, b->user) && str_eq(a->group, b->group);
}

static bool fifo_equal(const struct keyword *k, const void *a, const void *b)
{
	const struct fifo_config *x = a, *y = b;

	(void)k;
	return str_eq(x->path, y->path) && owner_equal(&x->owner, &y->owner) &&
	       owner_equal(&x->default_owner, &y->default_owner);
}

const struct value_type value_fifo = {
	.name = "FIFO",
	.size = sizeof(struct fifo_config),
	.parse = fifo_parse,
	.print = fifo_print,
	.equal = fifo_equal,
	.synopsis = "PATH [USER [[:]GROUP]]",
};

static bool extra_garp_parse(struct bind *b, const struct keyword *k, struct node *node,
			     unsigned *next, void *field)
{
	struct extra_garp value = { 0 };
	const struct word *w;
	uint64_t seconds;

	if (!value_next_word(b, k, node, next))
		return false;
	--*next;
	while ((w = more(node, next))) {
		++*next;
		if (!strcmp(w->text, "all"))
			value.all = true;
		else if (value_read_u64(b, k->word, w, 1, 86400, &seconds))
			value.every = SEC(seconds);
		else
			return false;
	}
	if (kspan_is_zero(value.every)) {
		bind_error(b, "missing-argument", node, node->n_words,
			   "%s needs a number of seconds from 1 to 86400", k->word);
		return false;
	}
	*(struct extra_garp *)field = value;
	return true;
}

static void extra_garp_print(const struct keyword *k, const void *field, struct strbuf *out)
{
	const struct extra_garp *value = field;

	(void)k;
	strbuf_addf(out, "%s%lld", value->all ? "all " : "", (long long)kspan_sec(value->every));
}

static bool extra_garp_equal(const struct keyword *k, const void *a, const void *b)
{
	const struct extra_garp *x = a, *y = b;

	(void)k;
	return x->every.ns == y->every.ns && x->all == y->all;
}

const struct value_type value_extra_garp = {
	.name = "interval",
	.size = sizeof(struct extra_garp),
	.parse = extra_garp_parse,
	.print = extra_garp_print,
	.equal = extra_garp_equal,
	.synopsis = "[all] SECONDS",
};

/* A number wins over the words, MTU over ADVERT; more than one choice is worth a warning. */
static bool rx_bufs_parse(struct bind *b, const struct keyword *k, struct node *node,
			  unsigned *next, void *field)
{
	const struct word *w = value_next_word(b, k, node, next);
	struct rx_bufs_policy policy = { 0 };
	unsigned choices = 0;
	uint64_t bytes;

	for (; w; w = more(node, next) ? &node->words[(*next)++] : NULL) {
		choices++;
		if (!strcasecmp(w->text, "MTU"))
			policy.mtu = true;
		else if (!strcasecmp(w->text, "ADVERT"))
			policy.advert = true;
		else if (value_read_u64(b, "buffer size", w, 1, INT32_MAX, &bytes))
			policy.bytes = (uint32_t)bytes;
		else
			return false;
	}
	if (!choices)
		return false;
	if (choices > 1)
		bind_warning(b, "conflicting-values", node, 2,
			     "%s has more than one value; %s is used", k->word,
			     policy.bytes ? "the number" : "MTU");
	*(struct rx_bufs_policy *)field = policy;
	return true;
}

static void rx_bufs_print(const struct keyword *k, const void *field, struct strbuf *out)
{
	const struct rx_bufs_policy *policy = field;

	(void)k;
	if (policy->bytes)
		strbuf_addf(out, "%u", policy->bytes);
	else
		strbuf_add(out, policy->mtu ? "MTU" : policy->advert ? "ADVERT" : "");
}

static bool rx_bufs_equal(const struct keyword *k, const void *a, const void *b)
{
	const struct rx_bufs_policy *x = a, *y = b;

	(void)k;
	return x->bytes == y->bytes && x->mtu == y->mtu && x->advert == y->advert;
}

const struct value_type value_rx_bufs = {
	.name = "buffer policy",
	.size = sizeof(struct rx_bufs_policy),
	.parse = rx_bufs_parse,
	.print = rx_bufs_print,
	.equal = rx_bufs_equal,
	.synopsis = "MTU|ADVERT|BYTES",
};

static const struct {
	const char *name;
	uint32_t bits;
} umask_bits[] = {
	{ "IRUSR", 0400 }, { "IWUSR", 0200 }, { "IXUSR", 0100 }, { "IRWXU", 0700 },
	{ "IRGRP", 0040 }, { "IWGRP", 0020 }, { "IXGRP", 0010 }, { "IRWXG", 0070 },
	{ "IROTH", 0004 }, { "IWOTH", 0002 }, { "IXOTH", 0001 }, { "IRWXO", 0007 },
};

/* The bits of one NAME[|NAME...] word; false if a name is unknown. */
static bool umask_names(const char *text, uint32_t *out_mask)
{
	uint32_t mask = 0;

	while (*text) {
		size_t len = strcspn(text, "|"), i;

		for (i = 0; i < ARRAY_LEN(umask_bits); i++)
			if (strlen(umask_bits[i].name) == len &&
			    !memcmp(umask_bits[i].name, text, len))
				break;
		if (len && i == ARRAY_LEN(umask_bits))
			return false;
		if (len)
			mask |= umask_bits[i].bits;
		text += len + (text[len] == '|');
	}
	*out_mask |= mask;
	return true;
}

static bool umask_parse(struct bind *b, const struct keyword *k, struct node *node, unsigned *next,
			void *field)
{
	const struct word *w = value_next_word(b, k, node, next);
	uint32_t mask = 0;
	uint64_t n = 0;

	if (!w)
		return false;
	if (num_parse_u64(w->text, 0, 0, 0777, &n) == NUM_OK) {
		*(uint32_t *)field = (uint32_t)n;
		return true;
	}
	for (; w; w = more(node, next) ? &node->words[(*next)++] : NULL) {
		if (umask_names(w->text, &mask))
			continue;
		diag_hint(b->diags,
			  diag_error(b->diags, "bad-value", w->at, "'%s' is not a umask", w->text),
			  "a number from 0 to 0777 (a leading 0 makes it octal), or names like "
			  "IWGRP|IWOTH");
		return false;
	}
	*(uint32_t *)field = mask;
	return true;
}

static void umask_print(const struct keyword *k, const void *field, struct strbuf *out)
{
	(void)k;
	strbuf_addf(out, "0%o", *(const uint32_t *)field);
}

const struct value_type value_umask = {
	.name = "umask",
	.size = sizeof(uint32_t),
	.parse = umask_parse,
	.print = umask_print,
	.synopsis = "NUMBER|BIT[|BIT...]",
};

void stored_u32_not_zero(struct bind *b, const struct keyword *k, struct node *node, void *object)
{
	uint32_t *n = (void *)((char *)object + k->at);

	if (*n)
		return;
	bind_warning(b, "zero", node, 1, "%s 0 makes no sense; 1 is used", k->word);
	*n = 1;
}

void stored_span_not_zero(struct bind *b, const struct keyword *k, struct node *node, void *object)
{
	kspan *span = (void *)((char *)object + k->at);

	if (!kspan_is_zero(*span))
		return;
	bind_warning(b, "zero", node, 1, "%s 0 makes no sense; 1 is used", k->word);
	*span = SEC(1);
}

void stored_span_zero_is_none(struct bind *b, const struct keyword *k, struct node *node,
			      void *object)
{
	const kspan *span = (const void *)((const char *)object + k->at);

	if (kspan_is_zero(*span))
		bind_warning(b, "zero", node, 1,
			     "%s 0 is outside its range; it is taken as \"none\", the default",
			     k->word);
}

void stored_words_not_empty(struct bind *b, const struct keyword *k, struct node *node,
			    void *object)
{
	(void)object;
	if (node->has_block && !node->first)
		diag_warning(b->diags, "empty-block", node->close_at, "%s is empty", k->word);
}
