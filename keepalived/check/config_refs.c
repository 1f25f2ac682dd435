/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checkers against the rest of the configuration: tracked files and BFD sessions they name, the
 * old host blocks of SMTP_CHECK, checks that have no port to go to.
 */
#include "check/config_check.h"

/* ---- references ---- */

static bool resolve_file(struct check_run *run, struct file_check_config *file)
{
	if (!file->name.name)
		return false;	/* its absence has been reported */
	file->file = config_resolve(run->check, SYMBOL_TRACK_FILE, file->name.name,
				    file->name.at);
	if (!file->file)
		return false;
	if (!file->weight.set) {
		file->weight.value = file->file->weight.weight;
		file->weight.reverse = file->file->weight.reverse;
	}
	return true;
}

/* The session must tell the checker process, and one check of it is enough for a server. */
static bool resolve_bfd(struct check_run *run, const struct real_server *rs, uint32_t index,
			struct bfd_check_config *bfd)
{
	struct place at = bfd->name.at;

	if (!bfd->name.name)
		return false;	/* its absence has been reported */
	bfd->session = config_resolve(run->check, SYMBOL_BFD, bfd->name.name, at);
	if (!bfd->session)
		return false;
	if (bfd->session->for_vrrp && !bfd->session->for_checker) {
		diag_see(run->check->diags,
			 diag_error(run->check->diags, "conflict", at,
				    "bfd_instance %s sends its events to VRRP only",
				    bfd->name.name),
			 bfd->session->object.at, "defined here");
		return false;
	}
	for (uint32_t i = 0; i < index; i++) {
		const struct checker_config *other = check_checker(rs, i);

		if (other->kind != CHECKER_BFD ||
		    ((const struct bfd_check_config *)other)->session != bfd->session)
			continue;
		diag_see(run->check->diags,
			 diag_error(run->check->diags, "duplicate", at,
				    "the server is checked by bfd_instance %s already",
				    bfd->name.name),
			 other->object.at, "first here");
		return false;
	}
	return true;
}

static bool resolve_checker(struct check_run *run, const struct real_server *rs, uint32_t index,
			    struct checker_config *checker)
{
	switch ((enum checker_kind)checker->kind) {
	case CHECKER_FILE:
		return resolve_file(run, (struct file_check_config *)checker);
	case CHECKER_BFD:
		return resolve_bfd(run, rs, index, (struct bfd_check_config *)checker);
	case CHECKER_MISC:
		return ((struct misc_check_config *)checker)->script != NULL;
	case CHECKER_TCP:
	case CHECKER_HTTP:
	case CHECKER_SSL:
	case CHECKER_SMTP:
	case CHECKER_DNS:
	case CHECKER_UDP:
	case CHECKER_PING:
	case CHECKER_KINDS:
		return true;
	}
	return true;
}

/* ---- host blocks ---- */

static void take_host(struct check_run *run, struct smtp_check_config *smtp,
		      const struct smtp_host_config *host)
{
	struct check_timing timing = *smtp->checker.timing;

	smtp->checker.connect = host->connect;
	if (host->connect_timeout.ns < 0)
		return;
	timing.connect_timeout = host->connect_timeout;
	smtp->checker.timing = part_settle(run->check->arena, &timing, &timing_unset, NULL,
					   sizeof(timing));
}

/* What each endpoint has for itself; the rest a host block sets for the whole SMTP_CHECK. */
static bool is_own(const struct keyword *kw)
{
	return kw->at == offsetof(struct smtp_host_config, connect) ||
	       kw->at == offsetof(struct smtp_host_config, connect_timeout);
}

static bool is_shared(const struct keyword *kw)
{
	return !is_own(kw);
}

static bool is_no_connection(const struct keyword *kw)
{
	return kw->at != offsetof(struct checker_config, connect);
}

/* The first host stands in for connection keywords if there are none; each further one is a
 * checker more. */
static void add_hosts(struct check_run *run, struct smtp_check_config *smtp,
		      struct object_list *out)
{
	struct object_list hosts = smtp->hosts;
	struct object *own = &smtp->checker.object;
	const struct check_timing *timing = smtp->checker.timing;
	bool bare = smtp->checker.connect == &connect_none;
	const struct smtp_host_config *host = hosts.items[0];
	uint32_t i = 0;

	diag_hint(run->check->diags,
		  diag_note(run->check->diags, "deprecated", host->object.at,
			    "host blocks in SMTP_CHECK are deprecated"),
		  "write an SMTP_CHECK for each endpoint");
	smtp->hosts = (struct object_list){ 0 };
	for (uint32_t k = 0; k < hosts.n; k++)
		object_add_marks(run->check->arena, own, hosts.items[k], is_shared);
	if (bare) {
		object_add_marks(run->check->arena, own, hosts.items[i], is_own);
		take_host(run, smtp, hosts.items[i++]);
	}
	for (; i < hosts.n; i++) {
		struct smtp_check_config *copy = arena_new_of(run->check->arena,
							      struct smtp_check_config);

		host = hosts.items[i];
		*copy = *smtp;
		copy->checker.timing = timing;
		copy->checker.object.at = host->object.at;
		copy->checker.object.marks = NULL;
		copy->checker.object.n_marks = 0;
		object_add_marks(run->check->arena, &copy->checker.object, own, is_no_connection);
		object_add_marks(run->check->arena, &copy->checker.object, &host->object, is_own);
		take_host(run, copy, host);
		object_list_add(run->check->arena, out, copy);
	}
}

static void expand_hosts(struct check_run *run, struct real_server *rs)
{
	struct object_list all = { 0 };
	bool found = false;

	for (uint32_t i = 0; i < rs->checkers.n; i++) {
		struct smtp_check_config *smtp = rs->checkers.items[i];

		found |= smtp->checker.kind == CHECKER_SMTP && smtp->hosts.n;
	}
	if (!found)
		return;
	for (uint32_t i = 0; i < rs->checkers.n; i++) {
		struct smtp_check_config *smtp = rs->checkers.items[i];

		object_list_add(run->check->arena, &all, smtp);
		if (smtp->checker.kind == CHECKER_SMTP && smtp->hosts.n)
			add_hosts(run, smtp, &all);
	}
	rs->checkers = all;
}

/* ---- ports ---- */

static bool needs_port(const struct checker_config *checker)
{
	switch ((enum checker_kind)checker->kind) {
	case CHECKER_TCP:
	case CHECKER_HTTP:
	case CHECKER_SSL:
	case CHECKER_SMTP:
	case CHECKER_DNS:
	case CHECKER_UDP:
		return true;
	case CHECKER_PING:
	case CHECKER_MISC:
	case CHECKER_FILE:
	case CHECKER_BFD:
	case CHECKER_KINDS:
		return false;
	}
	return false;
}

static void note_missing_port(struct check_run *run, const struct real_server *rs,
			      const struct checker_config *checker)
{
	uint16_t port;

	(void)check_target(rs, checker, &port);
	if (port || !needs_port(checker))
		return;
	diag_hint(run->check->diags,
		  diag_note(run->check->diags, "missing-keyword", checker->object.at,
			    "%s has no port: neither the real server nor its service has one",
			    checker_kind_word(checker->kind)),
		  "add connect_port; without it the check always fails");
}

void check_checkers(struct check_run *run, struct real_server *rs)
{
	uint32_t kept = 0;

	expand_hosts(run, rs);
	for (uint32_t i = 0; i < rs->checkers.n; i++) {
		struct checker_config *checker = rs->checkers.items[i];

		if (!resolve_checker(run, rs, kept, checker))
			continue;
		note_missing_port(run, rs, checker);
		rs->checkers.items[kept++] = checker;
	}
	rs->checkers.n = kept;
}
