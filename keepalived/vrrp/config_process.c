/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vrrp_track_process: how many processes of a name must run.
 */
#include "core/config.h"
#include "vrrp/config_track.h"
#include "vrrp/config_value.h"

#define AT(m)	       offsetof(struct vrrp_process_config, m)
#define COMM_MAX       15
#define DELAY_MAX      NS_OF_SEC(3600)
#define PROCESS_WEIGHT 254

ENUM_WORDS(param_matches, "a way to compare parameters", { "exact", PARAM_MATCH_EXACT, NULL },
	   { "partial", PARAM_MATCH_PARTIAL, NULL }, { "initial", PARAM_MATCH_INITIAL, NULL });

static void delay_stored(struct bind *b, const struct keyword *kw, struct node *node,
			 void *object)
{
	struct vrrp_process_config *p = object;

	(void)b;
	(void)kw;
	(void)node;
	p->fork_delay = p->terminate_delay = p->delay;
}

#define DELAY_ROW(word_, field, help_)                                                    \
	.word = (word_), .type = &value_span, .at = AT(field), .min = NS_OF_USEC(1),      \
	.max = DELAY_MAX, .help = (help_)

static const struct keyword process_keywords[] = {
	{ .word = "process", .type = &value_words, .at = AT(words),
	  .flags = KW_REQUIRED | KW_FIRST_WINS | KW_RESTART, .synopsis = "NAME [PARAM...]",
	  .label = "Process", .json = "process",
	  .help = "Name of the process, as ps -o comm shows it; with parameters or full_command "
		  "the first word of its command line." },
	{ .word = "param_match", .type = &value_enum, .at = AT(param_match),
	  .arg = &param_matches, .flags = KW_OPTIONAL_ARG | KW_RESTART,
	  .alone = PARAM_MATCH_EXACT, .synopsis = "[initial|partial]", .label = "Param match",
	  .json = "param_match", .default_text = "none; exact if there are parameters",
	  .help = "How parameters are compared: all of them, the first ones (partial), or the "
		  "first ones with the last one being a beginning (initial)." },
	{ .word = "weight", .type = &value_track_weight, .at = AT(weight), .max = PROCESS_WEIGHT,
	  .label = "Weight", .json = "weight",
	  .help = "Change of the priority while the quorum is there (positive) or not (negative). "
		  "0: without the quorum FAULT." },
	{ .word = "quorum", .type = &value_u32, .at = AT(quorum), .min = 1, .max = UINT16_MAX,
	  .label = "Min processes", .json = "quorum", .help = "So many must run at least." },
	{ .word = "quorum_max", .type = &value_u32, .at = AT(quorum_max), .min = 0,
	  .max = UINT16_MAX, .label = "Max processes", .json = "quorum_max",
	  .default_text = "unlimited", .help = "So many may run at most; 0: none may." },
	{ DELAY_ROW("fork_delay", fork_delay, "Wait so long before believing a change that a "
					      "fork has made."),
	  .label = "Fork delay", .json = "fork_delay" },
	{ DELAY_ROW("terminate_delay", terminate_delay, "Wait so long before believing a change "
							"that an exit has made."),
	  .label = "Terminate delay", .json = "terminate_delay" },
	{ DELAY_ROW("delay", delay, "Both fork_delay and terminate_delay."), .flags = KW_MASKED,
	  .stored = delay_stored },
	{ .word = "full_command", .type = &value_flag, .at = AT(full_command),
	  .flags = KW_EXTRA_IGNORED | KW_RESTART, .label = "Full command",
	  .json = "full_command",
	  .help = "Compare the first word of the command line, not the process name." },
};

static const struct vrrp_process_config process_defaults = {
	.quorum = 1,
	.quorum_max = VRRP_QUORUM_UNLIMITED,
};

/* Whichever of the two was written later gives way. */
static void check_quorum(struct bind *b, struct vrrp_process_config *p)
{
	struct place quorum_at = object_place(&p->object, AT(quorum));
	struct place max_at = object_place(&p->object, AT(quorum_max));
	bool quorum_set = object_is_set(&p->object, AT(quorum));
	bool max_last = !quorum_set || quorum_at.line <= max_at.line;

	if (p->quorum_max == 0 && p->quorum == 1) {
		p->quorum = 0;
		return;
	}
	if (p->quorum <= p->quorum_max)
		return;
	struct diag *d = diag_error(b->diags, "quorum", max_last ? max_at : quorum_at,
				    "quorum %u is more than quorum_max %u: the later is ignored",
				    p->quorum, p->quorum_max);

	if (quorum_set)
		diag_see(b->diags, d, max_last ? quorum_at : max_at, "the other one");
	if (max_last)
		p->quorum_max = VRRP_QUORUM_UNLIMITED;
	else
		p->quorum = process_defaults.quorum;
}

static void check_comm(struct bind *b, const struct vrrp_process_config *p)
{
	struct place at = p->words.n ? p->words.places[0] : p->object.at;
	struct diag *d = NULL;

	if (p->full_command)
		return;
	if (strchr(p->process, '/'))
		d = diag_note(b->diags, "process-name", at,
			      "no process has this name: names have no path");
	else if (strlen(p->process) > COMM_MAX)
		d = diag_note(b->diags, "process-name", at,
			      "no process has this name: names are at most %u bytes long",
			      COMM_MAX);
	if (d)
		diag_hint(b->diags, d, "add full_command to compare the command line instead");
}

static bool process_done(struct bind *b, struct object *object, struct node *node)
{
	struct vrrp_process_config *p = (void *)object;

	(void)node;
	if (!p->words.n)
		return false;
	p->process = p->words.items[0];
	p->params = p->words.items + 1;
	p->n_params = p->words.n - 1;
	if (p->n_params && p->param_match == PARAM_MATCH_NONE)
		p->param_match = PARAM_MATCH_EXACT;
	if (p->param_match != PARAM_MATCH_NONE)
		p->full_command = true;
	check_quorum(b, p);
	check_comm(b, p);
	return config_symbol_add(b, SYMBOL_TRACK_PROCESS, object);
}

const struct block_type vrrp_process_block = {
	.name = "vrrp_track_process",
	.form = BLOCK_KEYWORDS,
	KEYWORDS(process_keywords),
	.size = sizeof(struct vrrp_process_config),
	.defaults = &process_defaults,
	.head = block_name,
	.head_synopsis = "NAME",
	.done = process_done,
	.help = "A program of which a number of processes must run. Named in track_process.",
};
