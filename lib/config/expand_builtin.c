/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Predefined names: _PWD, _INSTANCE, _RANDOM, _ENV, _HASH, _BANG.
 */
#include <string.h>

#include "base/num.h"
#include "config/expand_state.h"

enum { ARGS_MAX = 2, NAME_MAX_LEN = 256 };

/** The words behind the name. */
struct args {
	char text[NAME_MAX_LEN];
	const char *items[ARGS_MAX];
	unsigned n;		/* may exceed ARGS_MAX */
	bool ends_blank;
};

typedef const char *builtin(struct expand *, const struct args *, struct strbuf *out);

static const char *put_text(struct strbuf *out, const char *text)
{
	/* What would end the line or has a meaning for the lexer cannot be part of a value. */
	for (; text && *text; text++)
		strbuf_add_char(out, *text == '\n' || *text == EXPAND_BROKEN ? ' ' : *text);
	return NULL;
}

static const char *put_directory(struct expand *e, const struct args *args, struct strbuf *out)
{
	(void)args;
	return put_text(out, e->host->directory(e->host->ctx));
}

static const char *put_instance(struct expand *e, const struct args *args, struct strbuf *out)
{
	(void)args;
	return put_text(out, e->options->config_id);
}

static const char *put_hash(struct expand *e, const struct args *args, struct strbuf *out)
{
	(void)e;
	(void)args;
	return put_text(out, "#");
}

static const char *put_bang(struct expand *e, const struct args *args, struct strbuf *out)
{
	(void)e;
	(void)args;
	return put_text(out, "!");
}

static const char *put_env(struct expand *e, const struct args *args, struct strbuf *out)
{
	if (args->n != 1 || args->ends_blank)
		return "_ENV needs the name of one variable: ${_ENV NAME}";
	return put_text(out, e->host->env(e->host->ctx, args->items[0]));
}

/** splitmix64: good enough to spread delays, and the same everywhere. */
static uint64_t next_random(struct expand *e)
{
	uint64_t z = e->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/** "random_seed N" as a statement of that text. */
static bool find_seed(const char *text, size_t len, uint64_t *out)
{
	static const char word[] = "random_seed";
	const char *p = text, *end = text + len, *after;

	while ((p = memmem(p, (size_t)(end - p), word, sizeof(word) - 1))) {
		const char *before = p;

		p += sizeof(word) - 1;
		while (before > text && is_blank(before[-1]))
			before--;
		if ((before == text || strchr("\n{}", before[-1])) && p < end && is_blank(*p) &&
		    num_scan_u64(p, 10, out, &after))
			return true;
	}
	return false;
}

/** The first random number asks whether the configuration sets the seed. */
static void seed(struct expand *e)
{
	uint64_t value;

	if (e->random_seeded)
		return;
	e->random_seeded = true;
	for (size_t i = 0; i < e->map->n_files; i++) {
		if (find_seed(e->map->files[i].text, e->map->files[i].len, &value)) {
			e->random = value;
			return;
		}
	}
}

static const char *put_random(struct expand *e, const struct args *args, struct strbuf *out)
{
	uint64_t range[ARGS_MAX] = { 0, 32767 };

	if (args->n > ARGS_MAX)
		return "_RANDOM takes at most two numbers: ${_RANDOM MIN MAX}";
	for (unsigned i = 0; i < args->n; i++) {
		if (strspn(args->items[i], "0123456789") != strlen(args->items[i]) ||
		    num_parse_u64(args->items[i], 10, 0, UINT32_MAX, &range[i]))
			return "_RANDOM takes whole numbers: ${_RANDOM MIN MAX}";
	}
	if (range[0] > range[1])
		return "_RANDOM: the smaller number comes first";
	seed(e);
	strbuf_addf(out, "%llu",
		    (unsigned long long)(range[0] + next_random(e) % (range[1] - range[0] + 1)));
	return NULL;
}

struct builtin_name {
	const char *name;
	builtin *put;
	bool has_args;
};

static const struct builtin_name builtins[] = {
	{ "_PWD", put_directory, false }, { "_INSTANCE", put_instance, false },
	{ "_RANDOM", put_random, true },  { "_ENV", put_env, true },
	{ "_HASH", put_hash, false },	  { "_BANG", put_bang, false },
};

/** False if they are too long. */
static bool split_args(struct slice text, struct args *out)
{
	char *p = out->text;

	*out = (struct args){ 0 };
	if (text.len >= sizeof(out->text))
		return false;
	if (text.len)
		memcpy(out->text, text.text, text.len);
	out->ends_blank = text.len && is_blank(text.text[text.len - 1]);
	for (;;) {
		while (is_blank(*p))
			*p++ = '\0';
		if (!*p)
			return true;
		if (out->n < ARGS_MAX)
			out->items[out->n] = p;
		out->n++;
		while (*p && !is_blank(*p))
			p++;
	}
}

bool builtin_value(struct expand *e, const struct reference *ref, struct strbuf *out,
		   const char **out_wrong)
{
	struct args args;

	for (size_t i = 0; i < ARRAY_LEN(builtins); i++) {
		const struct builtin_name *b = &builtins[i];

		if (strlen(b->name) != ref->name.len ||
		    memcmp(b->name, ref->name.text, ref->name.len))
			continue;
		if (!split_args(ref->args, &args) || (args.n && !b->has_args))
			*out_wrong = "this predefined name takes no such arguments";
		else
			*out_wrong = b->put(e, &args, out);
		return true;
	}
	return false;
}
