/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inheritance: virtual server -> real server -> checker. Afterwards every object holds the values
 * in force, and equal timings are one.
 */
#include "check/config_check.h"

struct retry_default {
	int64_t retry;
	kspan delay;		/* TIME_UNSET: delay_loop */
};

static const struct retry_default retry_defaults[CHECKER_KINDS] = {
	[CHECKER_TCP] = { 1, { 1000000000 } },	[CHECKER_UDP] = { 1, { 1000000000 } },
	[CHECKER_PING] = { 1, { 1000000000 } }, [CHECKER_SMTP] = { 1, { 1000000000 } },
	[CHECKER_HTTP] = { 1, { 3000000000 } }, [CHECKER_SSL] = { 1, { 3000000000 } },
	[CHECKER_DNS] = { 3, { -1 } },		[CHECKER_MISC] = { 0, { 1000000000 } },
	[CHECKER_FILE] = { 0, { 0 } },		[CHECKER_BFD] = { 0, { 0 } },
};

static kspan first_span(kspan own, kspan outer)
{
	return own.ns >= 0 ? own : outer;
}

/* What @own leaves open comes from @outer. */
static struct check_timing timing_over(const struct check_timing *own,
				       const struct check_timing *outer)
{
	return (struct check_timing){
		.connect_timeout = first_span(own->connect_timeout, outer->connect_timeout),
		.delay_loop = first_span(own->delay_loop, outer->delay_loop),
		.delay_before_retry =
			first_span(own->delay_before_retry, outer->delay_before_retry),
		.warmup = first_span(own->warmup, outer->warmup),
		.retry = own->retry >= 0 ? own->retry : outer->retry,
	};
}

static struct check_timing timing_of_checker(const struct checker_config *checker,
					     const struct check_timing *server)
{
	const struct retry_default *fallback = &retry_defaults[checker->kind];
	struct check_timing timing = timing_over(checker->timing, server);

	if (timing.retry < 0)
		timing.retry = fallback->retry;
	if (timing.warmup.ns < 0)
		timing.warmup = timing.delay_loop;
	if (timing.delay_before_retry.ns < 0)
		timing.delay_before_retry = first_span(fallback->delay, timing.delay_loop);
	return timing;
}

static const struct check_timing *share_timing(struct config_check *check,
					       const struct check_timing *timing,
					       const struct check_timing **last)
{
	*last = part_settle(check->arena, timing, &timing_unset, *last, sizeof(*timing));
	return *last;
}

static enum tristate first_set(enum tristate own, enum tristate outer, bool fallback)
{
	if (own != TRISTATE_UNSET)
		return own;
	if (outer != TRISTATE_UNSET)
		return outer;
	return fallback ? TRISTATE_ON : TRISTATE_OFF;
}

static enum tristate tristate_of(bool value)
{
	return value ? TRISTATE_ON : TRISTATE_OFF;
}

static const char *first_text(const char *a, const char *b)
{
	return a ? a : b;
}

static void inherit_http(struct http_check_config *http, const struct real_server *rs,
			 const struct virtual_server *vs)
{
	for (uint32_t i = 0; i < http->urls.n; i++) {
		struct http_url_config *url = http->urls.items[i];
		/* The real server's name is for the Host header only. */
		const char *sni = first_text(url->virtualhost,
					     first_text(http->virtualhost, vs->virtualhost));

		url->sni = http->enable_sni ? first_text(http->sni_name, sni) : NULL;
		url->virtualhost =
			first_text(url->virtualhost,
				   first_text(http->virtualhost, rs->rare->virtualhost));
		url->tls_compliant |= http->tls_compliant;
	}
}

static void inherit_kind(struct checker_config *checker, const struct real_server *rs,
			 const struct virtual_server *vs)
{
	struct misc_check_config *misc;

	switch ((enum checker_kind)checker->kind) {
	case CHECKER_HTTP:
	case CHECKER_SSL:
		inherit_http((struct http_check_config *)checker, rs, vs);
		return;
	case CHECKER_MISC:
		misc = (struct misc_check_config *)checker;
		/* The virtual server's, whatever the checker's own delay_loop is. */
		if (!misc->timeout.ns)
			misc->timeout = vs->timing.delay_loop;
		return;
	case CHECKER_TCP:
	case CHECKER_SMTP:
	case CHECKER_DNS:
	case CHECKER_UDP:
	case CHECKER_PING:
	case CHECKER_FILE:
	case CHECKER_BFD:
	case CHECKER_KINDS:
		return;
	}
}

void check_inherit_server(struct check_run *run, const struct virtual_server *vs,
			  struct real_server *rs)
{
	const struct global_config *global = run->check->config->global;
	struct check_timing timing = timing_over(rs->timing, &vs->timing);

	rs->timing = share_timing(run->check, &timing, &run->last_server_timing);
	if (rs->weight < 0)
		rs->weight = vs->weight;
	rs->alpha = first_set(rs->alpha, tristate_of(vs->alpha), false);
	rs->inhibit = first_set(rs->inhibit, tristate_of(vs->inhibit), false);
	rs->smtp_alert = first_set(rs->smtp_alert,
				   first_set(global->smtp_alert_checker, global->smtp_alert, true),
				   true);
	if (vs->virtualhost && !rs->rare->virtualhost) {
		struct server_rare rare = *rs->rare;

		rare.virtualhost = vs->virtualhost;
		run->last_rare = part_settle(run->check->arena, &rare, &rare_none, run->last_rare,
					     sizeof(rare));
		rs->rare = run->last_rare;
	}
	for (uint32_t i = 0; i < rs->checkers.n; i++) {
		struct checker_config *checker = rs->checkers.items[i];

		timing = timing_of_checker(checker, rs->timing);
		checker->timing =
			share_timing(run->check, &timing, &run->last_checker_timing);
		checker->alpha = first_set(checker->alpha, rs->alpha, false);
		checker->log_all_failures =
			first_set(checker->log_all_failures,
				  tristate_of(global->checker_log_all_failures), false);
		inherit_kind(checker, rs, vs);
	}
}
