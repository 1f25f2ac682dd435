/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Real servers and the sorry server against their service: forwarding method, family, port,
 * duplicates; and the quorum against the weights.
 */
#include "check/config_check.h"

/* ---- method, family, port: the same rules for real and sorry servers ---- */

struct member {
	const char *what;		/* "real server", for messages */
	struct addr addr;
	uint16_t port;
	struct forward_config forward;
	struct place at, end;
};

static bool family_fits(struct check_run *run, const struct virtual_server *vs,
			const struct member *m)
{
	struct diag *diag;

	if (!vs->family || m->addr.family == vs->family || m->forward.method == FORWARD_TUN)
		return true;
	diag = diag_error(run->check->diags, "family", m->at,
			  "%s %s is not of the family of virtual server %s", m->what,
			  addr_text(m->addr), vs_name(run, vs));
	diag_hint(run->check->diags, diag, "only tunnelled servers may be of another family");
	if (m->end.line)
		diag_see(run->check->diags, diag, m->end, "it is dropped up to here");
	return false;
}

/* Only address translation can change the port. */
static void fit_port_of_address(struct check_run *run, const struct virtual_server *vs,
				struct member *m)
{
	if (m->port && m->port != vs->port && m->forward.method != FORWARD_NAT)
		diag_warning(run->check->diags, "conflict", m->at,
			     "port %u of the %s is not that of the service, which is used: only "
			     "NAT can change the port", m->port, m->what);
	else if (m->port)
		return;
	m->port = vs->port;
}

static void fit_port_of_mark(struct check_run *run, struct member *m)
{
	if (!m->port || m->forward.method == FORWARD_NAT)
		return;
	diag_warning(run->check->diags, "no-effect", m->at,
		     "port %u of the %s of a firewall mark is ignored: only NAT can change the "
		     "port", m->port, m->what);
	m->port = 0;
}

static void fit_port_of_group(struct check_run *run, const struct virtual_server *vs,
			      struct member *m)
{
	if (!m->port || m->forward.method == FORWARD_NAT)
		return;
	if (vs->group->common_port != m->port)
		diag_warning(run->check->diags, "conflict", m->at,
			     "port %u of the %s is not that of every entry of group %s, whose "
			     "ports are used: only NAT can change the port", m->port, m->what,
			     vs->group_name);
	m->port = 0;
}

static void fit_port(struct check_run *run, const struct virtual_server *vs, struct member *m)
{
	switch (vs->kind) {
	case SERVICE_ADDRESS:
		fit_port_of_address(run, vs, m);
		return;
	case SERVICE_FWMARK:
		fit_port_of_mark(run, m);
		return;
	case SERVICE_GROUP:
		fit_port_of_group(run, vs, m);
		return;
	}
}

/* The port of the service for checks, 0 if it has none or several. */
static uint16_t service_port(const struct virtual_server *vs)
{
	if (vs->kind == SERVICE_GROUP)
		return vs->group->common_port > 0 ? (uint16_t)vs->group->common_port : 0;
	return vs->kind == SERVICE_ADDRESS ? vs->port : 0;
}

/* ---- real servers ---- */

static bool same_server(const void *a, const void *b)
{
	const struct real_server *x = a, *y = b;

	return x->port == y->port && addr_equal(x->addr, y->addr);
}

static bool is_duplicate(struct check_run *run, const struct virtual_server *vs,
			 const struct real_server *rs)
{
	const struct real_server *first =
		hashset_add(&run->servers, hash_mix(addr_hash(rs->addr), rs->port), rs);

	if (!first)
		return false;
	diag_see(run->check->diags,
		 diag_error(run->check->diags, "duplicate", rs->object.at,
			    "real server %s is in virtual server %s already; this one is dropped",
			    addr_text(rs->addr), vs_name(run, vs)),
		 first->object.at, "first here");
	return true;
}

static bool fit_server(struct check_run *run, const struct virtual_server *vs,
		       struct real_server *rs)
{
	struct member m = {
		.what = "real server", .addr = rs->addr, .port = rs->port, .at = rs->object.at,
	};

	if (!rs->forward.method)
		rs->forward = vs->forward;
	m.forward = rs->forward;
	if (rs->end_lines)
		m.end = (struct place){ .line = m.at.line + rs->end_lines };
	if (!family_fits(run, vs, &m))
		return false;
	fit_port(run, vs, &m);
	rs->check_port = rs->port ? rs->port : service_port(vs);
	rs->port = m.port;
	return !is_duplicate(run, vs, rs);
}

static void default_method(struct check_run *run, struct virtual_server *vs)
{
	bool needed = vs->sorry.set && !vs->sorry.forward.method;

	if (vs->forward.method)
		return;
	for (uint32_t i = 0; !needed && i < vs->real_servers.n; i++)
		needed = !check_rs(vs, i)->forward.method;
	if (needed && !vs_mistake(run, vs, offsetof(struct virtual_server, forward)))
		diag_warning(run->check->diags, "missing-keyword", vs->object.at,
			     "virtual server %s has no lvs_method, using NAT", vs_name(run, vs));
	vs->forward.method = FORWARD_NAT;
}

/* A service of both families works with tunnels only; nobody was ever told. */
static void note_mixed_family(struct check_run *run, const struct virtual_server *vs)
{
	if (vs->family)
		return;
	for (uint32_t i = 0; i < vs->real_servers.n; i++) {
		const struct real_server *rs = check_rs(vs, i);

		if (rs->forward.method == FORWARD_TUN)
			continue;
		diag_note(run->check->diags, "family", rs->object.at,
			  "group %s has both families, so every real server has to be tunnelled",
			  vs->group_name);
		return;
	}
}

/* ---- sorry server ---- */

/* A server that is both is kept or removed the same way. */
static void align_sorry(struct check_run *run, struct virtual_server *vs)
{
	struct sorry_server *sorry = &vs->sorry;

	for (uint32_t i = 0; i < vs->real_servers.n; i++) {
		const struct real_server *rs = check_rs(vs, i);

		if (rs->port != sorry->port || !addr_equal(rs->addr, sorry->addr))
			continue;
		sorry->is_real_server = true;
		if (sorry->inhibit == (rs->inhibit == TRISTATE_ON))
			return;
		diag_see(run->check->diags,
			 diag_warning(run->check->diags, "conflict", sorry->at,
				      "the sorry server is a real server too, whose inhibit "
				      "setting is used for both"),
			 rs->object.at, "real server here");
		sorry->inhibit = rs->inhibit == TRISTATE_ON;
		return;
	}
}

static void check_sorry(struct check_run *run, struct virtual_server *vs)
{
	struct sorry_server *sorry = &vs->sorry;
	static const char *const words[] = { "sorry_server_inhibit", "sorry_server_lvs_method" };
	struct member m = {
		.what = "sorry server", .addr = sorry->addr, .port = sorry->port,
		.at = sorry->at,
	};

	if (!sorry->set) {
		for (size_t i = 0; i < ARRAY_LEN(words); i++)
			if (word_is_set(&vs->object, words[i]) &&
			    !vs_mistake(run, vs, offsetof(struct virtual_server, sorry)))
				diag_warning(run->check->diags, "no-effect",
					     word_place(&vs->object, words[i]),
					     "%s has no effect without sorry_server", words[i]);
		return;
	}
	if (!sorry->forward.method)
		sorry->forward = vs->forward;
	m.forward = sorry->forward;
	if (!family_fits(run, vs, &m)) {
		sorry->set = false;
		return;
	}
	fit_port(run, vs, &m);
	sorry->port = m.port;
	align_sorry(run, vs);
}

/* ---- quorum ---- */

static void check_quorum(struct check_run *run, struct virtual_server *vs, uint64_t weights)
{
	if (vs->quorum > weights) {
		if (!vs_mistake(run, vs, offsetof(struct virtual_server, real_servers)))
			diag_warning(run->check->diags, "conflict",
				     word_place(&vs->object, "quorum"),
				     "quorum %u of virtual server %s is more than the weight of "
				     "all real servers, %ju", vs->quorum, vs_name(run, vs),
				     (uintmax_t)weights);
		vs->quorum = weights ? (uint32_t)weights : 1;
	}
	if (vs->hysteresis >= vs->quorum) {
		diag_warning(run->check->diags, "conflict",
			     word_place(&vs->object, "hysteresis"),
			     "hysteresis %u has to be less than the quorum, %u", vs->hysteresis,
			     vs->quorum);
		vs->hysteresis = vs->quorum - 1;
	}
}

bool check_servers(struct check_run *run, struct virtual_server *vs)
{
	uint64_t weights = 0;
	uint32_t kept = 0;

	default_method(run, vs);
	run->servers.equal = same_server;
	hashset_reset(&run->servers, vs->real_servers.n);
	for (uint32_t i = 0; i < vs->real_servers.n; i++) {
		struct real_server *rs = vs->real_servers.items[i];

		if (!fit_server(run, vs, rs))
			continue;
		check_checkers(run, rs);
		check_inherit_server(run, vs, rs);
		weights += (uint64_t)rs->weight;
		vs->real_servers.items[kept++] = rs;
	}
	vs->real_servers.n = kept;
	if (!kept) {
		report_no_servers(run, vs, true);
		return false;
	}
	note_mixed_family(run, vs);
	check_sorry(run, vs);
	check_quorum(run, vs, weights);
	return true;
}
