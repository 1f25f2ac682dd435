/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Advice about process-wide settings and commands: values left over from samples, commands that
 * look like shell, settings that come too late. Reports notes and changes nothing.
 */
#include "core/lint.h"

#include <string.h>

#define AT(m) offsetof(struct global_config, m)

/** Host names and mailboxes of the distributed sample configurations. */
static const char *const sample_mail[] = { "acassen@", "@firewall.loc" };

static bool is_sample_mail(const char *address)
{
	for (size_t i = 0; i < ARRAY_LEN(sample_mail); i++)
		if (strstr(address, sample_mail[i]))
			return true;
	return false;
}

static void lint_mail(struct config_check *ck, const struct global_config *g)
{
	for (uint32_t i = 0; i < g->email_to.n; i++) {
		if (is_sample_mail(g->email_to.items[i]))
			diag_note(ck->diags, "sample-mail", g->email_to.places[i],
				  "mail would go to '%s', an address of the samples",
				  g->email_to.items[i]);
	}
	if (g->email_from && is_sample_mail(g->email_from))
		diag_note(ck->diags, "sample-mail", object_place(&g->object, AT(email_from)),
			  "mail would come from '%s', an address of the samples",
			  g->email_from);
	if (g->email_to.n && !g->smtp_server.host)
		diag_note(ck->diags, "no-mail", g->email_to.places[0],
			  "no mail is sent without smtp_server");
}

static void lint_router_id(struct config_check *ck, const struct global_config *g)
{
	if (str_eq(g->router_id, "LVS_DEVEL"))
		diag_note(ck->diags, "sample-router-id", object_place(&g->object, AT(router_id)),
			  "router_id LVS_DEVEL is the sample's; without it the host name is used");
}

/* A word that means something to a shell, which does not see the command; NULL if none. */
static const char *shell_syntax(const struct script_config *s)
{
	static const char *const words[] = { "|", "||", "&&", ";", ">", ">>", "<", "2>&1", "&" };

	for (uint32_t i = 1; i < s->argc; i++) {
		size_t len = strlen(s->argv[i]);

		if (len > 1 && s->argv[i][len - 1] == ';')
			return s->argv[i];
		for (size_t j = 0; j < ARRAY_LEN(words); j++)
			if (!strcmp(s->argv[i], words[j]))
				return s->argv[i];
	}
	return NULL;
}

static bool runs_shell(const struct script_config *s)
{
	const char *name = strrchr(s->argv[0], '/');
	size_t len = strlen(name ? name : s->argv[0]);

	return len >= 2 && !strcmp((name ? name : s->argv[0]) + len - 2, "sh") && s->argc > 1 &&
	       !strcmp(s->argv[1], "-c");
}

static void lint_script(struct config_check *ck, const struct script_config *s)
{
	const char *syntax = runs_shell(s) ? NULL : shell_syntax(s);
	struct place_info info;

	if (syntax)
		diag_hint(ck->diags,
			  diag_note(ck->diags, "shell-syntax", s->at,
				    "no shell runs this command: '%s' is only an argument to %s",
				    syntax, s->argv[0]),
			  "put it into a script, or write /bin/sh -c 'COMMAND' in double quotes");
	if (source_resolve(ck->config->sources, s->at, &info) && info.column &&
	    info.text[info.column - 1] == '\'')
		diag_note(ck->diags, "single-quotes", s->at,
			  "single quotes work for commands only; double quotes work everywhere");
	if (s->default_user || s->user || !ck->config->global->script_user.user)
		return;
	diag_see(ck->diags,
		 diag_note(ck->diags, "script-user-late", s->at,
			   "script_user follows this command and has no effect on it"),
		 object_place(&ck->config->global->object, AT(script_user)), "set here");
}

void core_lint(struct config_check *ck)
{
	const struct config *config = ck->config;

	lint_mail(ck, config->global);
	lint_router_id(ck, config->global);
	for (uint32_t i = 0; i < config->n_scripts; i++)
		lint_script(ck, config->scripts[i]);
}
