/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Metrics of routes (RTA_METRICS): mtu, rtt and the like, with lock and units.
 *
 * Times are kept in the kernel's unit, which differs by metric: a bare number is in that unit.
 */
#include <inttypes.h>

#include "base/num.h"
#include "vrrp/config_route.h"

#define TIME_MIN_MS 200
#define TIME_MAX_MS 120000

static bool is_set(const struct route_metrics *m, unsigned number)
{
	return m->set >> number & 1;
}

/* N, Ns or Nms in units of the metric; outside the sensible range it is moved to the limit. */
static bool read_time(struct bind *b, const struct keyword *kw, const struct word *word,
		      uint32_t *out)
{
	const struct route_metric *metric = kw->arg;
	uint64_t min = (uint64_t)TIME_MIN_MS * metric->per_ms;
	uint64_t max = (uint64_t)TIME_MAX_MS * metric->per_ms;
	const char *end;
	uint64_t n;

	if (!num_scan_u64(word->text, 10, &n, &end) ||
	    (*end && strcmp(end, "s") && strcmp(end, "ms"))) {
		struct diag *d = diag_error(b->diags, "bad-time", word->at,
					    "'%s' is not a time for %s", word->text, kw->word);

		diag_hint(b->diags, d, "write Ns or Nms");
		return false;
	}
	if (*end && (mul_overflows(n, metric->per_ms, &n) ||
		     (*end == 's' && mul_overflows(n, 1000, &n))))
		n = UINT64_MAX;
	if (n < min || n > max)
		diag_warning(b->diags, "range", word->at,
			     "%s %s is outside 200 ms to 120 s: the limit is used", kw->word,
			     word->text);
	*out = (uint32_t)MAX_OF(min, MIN_OF(n, max));
	return true;
}

static bool read_metric(struct bind *b, const struct keyword *kw, const struct word *word,
			struct route_metrics *m)
{
	const struct route_metric *metric = kw->arg;
	uint64_t max = metric->max ? metric->max : UINT32_MAX;
	uint64_t n;

	switch (metric->number) {
	case RTAX_CC_ALGO:
		m->cc_algo = arena_strdup(b->arena, word->text);
		return true;
	case RTAX_FEATURES:
		if (strcmp(word->text, "ecn")) {
			diag_error(b->diags, "bad-value", word->at,
				   "feature '%s' is not known, only ecn is", word->text);
			return false;
		}
		m->value[RTAX_FEATURES] |= RTAX_FEATURE_ECN;
		return true;
	}
	if (metric->time)
		return read_time(b, kw, word, &m->value[metric->number]);
	if (!value_read_u64(b, kw->word, word, 0, max, &n))
		return false;
	m->value[metric->number] = (uint32_t)n;
	return true;
}

static bool parse_metric(struct bind *b, const struct keyword *kw, struct node *node,
			 unsigned *next, void *field)
{
	const struct route_metric *metric = kw->arg;
	struct route_metrics *m = field;
	const struct word *word = value_next_word(b, kw, node, next);
	bool lock = word && metric->lock && !strcmp(word->text, "lock");

	if (lock)
		word = value_next_word(b, kw, node, next);
	if (!word || !read_metric(b, kw, word, m))
		return false;
	m->set |= 1u << metric->number;
	m->lock &= ~(1u << metric->number);
	m->lock |= (uint32_t)lock << metric->number;
	return true;
}

static void print_value(const struct route_metrics *m, unsigned number, struct strbuf *out)
{
	if (m->lock >> number & 1)
		strbuf_add(out, "lock ");
	if (number == RTAX_CC_ALGO)
		strbuf_add(out, m->cc_algo);
	else if (number == RTAX_FEATURES)
		strbuf_add(out, "ecn");
	else
		strbuf_addf(out, "%" PRIu32, m->value[number]);
}

static void print_metric(const struct keyword *kw, const void *field, struct strbuf *out)
{
	const struct route_metric *metric = kw->arg;

	if (is_set(field, metric->number))
		print_value(field, metric->number, out);
}

static bool equal_metric(const struct keyword *kw, const void *a, const void *b)
{
	const struct route_metric *metric = kw->arg;
	const struct route_metrics *x = a, *y = b;
	unsigned n = metric->number;

	if (is_set(x, n) != is_set(y, n) || (x->lock >> n & 1) != (y->lock >> n & 1))
		return false;
	return n == RTAX_CC_ALGO ? str_eq(x->cc_algo, y->cc_algo) : x->value[n] == y->value[n];
}

const struct value_type value_metric_name = {
	.name = "word",
	.size = sizeof(struct route_metrics),
	.parse = parse_metric,
	.print = print_metric,
	.equal = equal_metric,
	.synopsis = "NAME",
};

const struct value_type value_metric = {
	.name = "number",
	.size = sizeof(struct route_metrics),
	.parse = parse_metric,
	.print = print_metric,
	.equal = equal_metric,
	.synopsis = "N",
};

static const char *const metric_words[RTAX_MAX + 1] = {
	[RTAX_MTU] = "mtu",		[RTAX_WINDOW] = "window",
	[RTAX_RTT] = "rtt",		[RTAX_RTTVAR] = "rttvar",
	[RTAX_SSTHRESH] = "ssthresh",	[RTAX_CWND] = "cwnd",
	[RTAX_ADVMSS] = "advmss",	[RTAX_REORDERING] = "reordering",
	[RTAX_HOPLIMIT] = "hoplimit",	[RTAX_INITCWND] = "initcwnd",
	[RTAX_FEATURES] = "features",	[RTAX_RTO_MIN] = "rto_min",
	[RTAX_INITRWND] = "initrwnd",	[RTAX_QUICKACK] = "quickack",
	[RTAX_CC_ALGO] = "congctl",	[RTAX_FASTOPEN_NO_COOKIE] = "fastopen_no_cookie",
};

void route_metrics_text(const struct route_metrics *m, struct strbuf *out)
{
	for (unsigned i = 0; i <= RTAX_MAX; i++) {
		if (!is_set(m, i) || !metric_words[i])
			continue;
		strbuf_addf(out, " %s ", metric_words[i]);
		print_value(m, i, out);
	}
}
