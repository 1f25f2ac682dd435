/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The toy engine: emits events, runs a script per toy, shows a counter, obeys or fails as its
 * configuration says.
 */
#include "tests/tools/toy_engine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "config/value.h"
#include "core/process.h"
#include "core/view.h"
#include "tests/tools/toy_misbehave.h"

struct toy_config {
	struct object object;
	const struct script_config *notify, *run;
	kspan run_timeout;
	uint32_t priority;
	int32_t exit_with;
	const char *misbehave;
	bool refuse_reload, stall, hang_at_stop, filter;
};

struct toys_config {
	struct object object;
	struct object_list toys;
};

struct toy_status {
	uint64_t runs;
	int32_t last_code;
	int32_t last_end;
	uint32_t state;
};

struct toy {
	struct run run;
	struct toys *toys;
	uint32_t index;
};

struct toys {
	struct engine_run *engine;
	struct toy *list;
	uint32_t n;
	bool hang;		/* at stop, whatever a reload says */
};

/* Tables */

#define AT(m) offsetof(struct toy_config, m)

static const struct keyword toy_keywords[] = {
	{ .word = "notify", .type = &value_script, .at = AT(notify), .help = "Notify script." },
	{ .word = "run", .type = &value_script, .at = AT(run), .help = "Script to run." },
	{ .word = "run_timeout", .type = &value_span, .at = AT(run_timeout), .help = "Limit." },
	{ .word = "priority", .type = &value_u32, .at = AT(priority), .min = 1, .max = 255,
	  .help = "Shown to scripts." },
	{ .word = "exit_with", .type = &value_i32, .at = AT(exit_with), .min = -1, .max = 255,
	  .help = "Exit status right after start." },
	{ .word = "refuse_reload", .type = &value_flag, .at = AT(refuse_reload),
	  .help = "A reload fails." },
	{ .word = "stall", .type = &value_flag, .at = AT(stall), .help = "Never ready." },
	{ .word = "misbehave", .type = &value_text, .at = AT(misbehave),
	  .help = "How it breaks the rules." },
	{ .word = "filter", .type = &value_flag, .at = AT(filter),
	  .help = "Ask for a packet filter rule." },
	{ .word = "hang_at_stop", .type = &value_flag, .at = AT(hang_at_stop),
	  .help = "Ignore the request to stop." },
};

static const struct toy_config toy_defaults = { .priority = 100, .exit_with = -1 };

static const struct block_type toy_type = {
	.name = "toy", KEYWORDS(toy_keywords), .size = sizeof(struct toy_config),
	.defaults = &toy_defaults, .head = block_name, .help = "A toy.",
};

static const struct keyword sections_keywords[] = {
	{ .word = "toy", .type = &value_block, .at = offsetof(struct toys_config, toys),
	  .flags = KW_APPEND, .arg = &toy_type, .help = "A toy." },
};

static const struct block_type sections = {
	.name = "toys", KEYWORDS(sections_keywords), .size = sizeof(struct toys_config),
};

static const struct toys_config *toys_of(const struct config *config)
{
	return (const struct toys_config *)(const void *)config->section[ENGINE_VRRP];
}

static const struct toy_config *toy_at(const struct config *config, uint32_t i)
{
	return toys_of(config)->toys.items[i];
}

static bool toy_wanted(const struct config *config)
{
	return toys_of(config)->toys.n != 0;
}

/* Outside */

static bool toy_notify(const struct config *config, const struct event *event,
		       struct notify_plan *out)
{
	if (event->index >= toys_of(config)->toys.n)
		return false;
	const struct toy_config *toy = toy_at(config, event->index);

	out->scripts[0] = toy->notify;
	out->extra_args[0] = true;
	(void)str_copy(out->type, sizeof(out->type), event_kind_name(event->kind));
	out->name = toy->object.name;
	out->state = event_what_name(event->what);
	out->priority = event->priority;
	snprintf(out->fifo_line, sizeof(out->fifo_line), "%s \"%s\" %s %d\n", out->type,
		 out->name, out->state, out->priority);
	out->fifo_vrrp = true;
	out->order_key = event->index;
	return true;
}

static void toy_dump_data(const struct config *config, const struct status_page *page,
			  struct strbuf *out)
{
	for (uint32_t i = 0; i < toys_of(config)->toys.n; i++) {
		struct toy_status slot;
		bool known = status_read(page, 0, i, &slot, sizeof(slot));

		strbuf_addf(out, " Toy = %s\n   Known = %d\n   Runs = %llu\n   Code = %d\n",
			    toy_at(config, i)->object.name, known,
			    (unsigned long long)slot.runs, slot.last_code);
	}
}

static void toy_dump_stats(const struct config *config, const struct status_page *page,
			   struct strbuf *out)
{
	for (uint32_t i = 0; i < toys_of(config)->toys.n; i++) {
		struct toy_status slot;

		(void)status_read(page, 0, i, &slot, sizeof(slot));
		strbuf_addf(out, "Toy: %s\n  Runs: %llu\n", toy_at(config, i)->object.name,
			    (unsigned long long)slot.runs);
	}
}

static void toy_dump_json(const struct config *config, const struct status_page *page,
			  struct view *view)
{
	view_array_begin(view, NULL);
	for (uint32_t i = 0; i < toys_of(config)->toys.n; i++) {
		struct toy_status slot;

		(void)status_read(page, 0, i, &slot, sizeof(slot));
		view_object_begin(view, NULL);
		view_string(view, "name", toy_at(config, i)->object.name);
		view_uint(view, "runs", slot.runs);
		view_object_end(view);
	}
	view_array_end(view);
}

static void toy_withdraw(const struct config *config, const struct status_page *page)
{
	log_info("withdrawing %u toys, page %s", toys_of(config)->toys.n,
		 page ? "known" : "unknown");
	/* A test lets us go on by writing to a FIFO. */
	const char *gate = getenv("TOY_GATE");
	int fd = gate ? open(gate, O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0)
		return;
	close(fd);
	log_info("withdrawn");
}

/* Inside */

static void emit(struct toys *toys, uint32_t i, enum event_what what)
{
	struct event event = {
		.kind = EVENT_INSTANCE, .what = what, .index = i,
		.priority = (int32_t)toy_at(toys->engine->config, i)->priority,
	};
	struct toy_status *slot = status_begin(toys->engine->status, 0, i);

	if (slot)
		slot->state = what;
	status_end(toys->engine->status, slot);
	engine_emit(toys->engine, &event);
}

static void run_done(struct run *r, const struct run_result *result, ktime now attr_unused)
{
	struct toy *toy = container_of(r, struct toy, run);
	struct engine_run *engine = toy->toys->engine;
	struct toy_status *slot = status_begin(engine->status, 0, toy->index);

	if (slot) {
		slot->runs++;
		slot->last_code = result->code;
		slot->last_end = (int32_t)result->end;
	}
	status_end(engine->status, slot);
	log_info("script of toy %u ended: %d, code %d", toy->index, result->end, result->code);
}

static void publish(struct engine_run *engine, const struct config *config)
{
	const struct status_layout layout = {
		.n_kinds = 1, .version = 1,
		.kinds = { { sizeof(struct toy_status), toys_of(config)->toys.n } },
	};
	struct status_page *page = status_page_new(&layout, config->generation);

	if (page)
		engine_publish(engine, page);
}

static void make_toys(struct toys *toys, const struct config *config)
{
	toys->n = toys_of(config)->toys.n;
	toys->list = xcalloc(toys->n + 1, sizeof(*toys->list));
	for (uint32_t i = 0; i < toys->n; i++)
		toys->list[i] = (struct toy){ .toys = toys, .index = i,
					      .run = { .done = run_done } };
}

static void drop_toys(struct toys *toys)
{
	for (uint32_t i = 0; i < toys->n; i++)
		run_cancel(&toys->list[i].run);
	free(toys->list);
}

static const char filter_text[] = "*filter\n:TOY - [0:0]\n-A TOY -j DROP\nCOMMIT\n";

static void start_toys(struct toys *toys)
{
	for (uint32_t i = 0; i < toys->n; i++) {
		const struct toy_config *config = toy_at(toys->engine->config, i);
		const char *args[] = { "extra" };
		struct run_what what = { .script = config->run, .timeout = config->run_timeout,
					 .args = args, .n_args = 1 };

		emit(toys, i, EVENT_BACKUP);
		emit(toys, i, EVENT_MASTER);
		if (config->filter)
			run_filter(toys->engine, &toys->list[i].run,
				   &(struct run_rules){ .family = AF_INET, .text = filter_text,
							.len = sizeof(filter_text) - 1 });
		else if (config->run)
			run_start(toys->engine, &toys->list[i].run, &what);
		if (config->exit_with >= 0) {
			(void)ipc_flush(&toys->engine->ipc, SEC(1));
			_exit(config->exit_with);
		}
	}
}

static int toy_reload(struct engine_run *engine, const struct config *config,
		      ktime now attr_unused)
{
	struct toys *toys = engine->data;

	if (toys->n && toy_at(engine->config, 0)->refuse_reload)
		return -EBUSY;
	drop_toys(toys);
	publish(engine, config);
	make_toys(toys, config);
	return 0;
}

static void toy_stop(struct engine_run *engine, ktime now attr_unused)
{
	struct toys *toys = engine->data;

	for (uint32_t i = 0; i < toys->n; i++)
		emit(toys, i, EVENT_STOP);
	if (!toys->hang)
		engine_end(engine, ENGINE_EXIT_OK);
}

static void toy_clear(struct engine_run *engine, ktime now attr_unused)
{
	struct toys *toys = engine->data;

	for (uint32_t i = 0; i < toys->n; i++) {
		struct toy_status *slot = status_begin(engine->status, 0, i);

		if (slot)
			slot->runs = 0;
		status_end(engine->status, slot);
	}
}

static int toy_run(struct engine_run *engine)
{
	struct toys toys = { .engine = engine };

	engine->data = &toys;
	engine->on_reload = toy_reload;
	engine->on_stop = toy_stop;
	engine->on_clear = toy_clear;
	publish(engine, engine->config);
	make_toys(&toys, engine->config);
	toys.hang = toys.n && toy_at(engine->config, 0)->hang_at_stop;
	log_info("toys: %u, restarted %d", toys.n, engine->restarted);
	start_toys(&toys);
	if (!toys.n || !toy_at(engine->config, 0)->stall)
		engine_ready(engine);
	if (toys.n && !engine->restarted)
		toy_misbehave(engine, toy_at(engine->config, 0)->misbehave,
			      toy_at(engine->config, 0)->run);
	int code = engine_loop(engine);

	drop_toys(&toys);
	return code;
}

const struct engine toy_engine = {
	.id = ENGINE_VRRP, .name = "vrrp", .title = "VRRP", .ident = "vrrp", .pid_name = "vrrp",
	.comm = "keepalived_vrrp", .dump_name = "VRRP", .dump_suffix = "", .built = true,
	.sections = &sections, .wanted = toy_wanted, .run = toy_run, .withdraw = toy_withdraw,
	.notify = toy_notify, .dump_data = toy_dump_data, .dump_stats = toy_dump_stats,
	.dump_json = toy_dump_json, .keep_caps = ENGINE_CAP_NET_ADMIN,
};
