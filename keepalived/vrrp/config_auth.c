/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The authentication and auth_hmac blocks.
 *
 * Keys that stand in files and variables are read by config_keys.c; here they only have a name.
 * What authentication an instance may use is checked in config_check_auth.c.
 */
#include "base/num.h"
#include "vrrp/config_table.h"

#define AUTH_AT(m) offsetof(struct vrrp_auth_config, m)
#define HMAC_AT(m) offsetof(struct vrrp_hmac_config, m)

ENUM_WORDS(auth_types, "an authentication type", { "PASS", VRRP_CONFIG_AUTH_PASS, NULL },
	   { "AH", VRRP_CONFIG_AUTH_AH, NULL });

static const struct keyword auth_keywords[] = {
	{ .word = "auth_type", .type = &value_enum, .at = AUTH_AT(type), .arg = &auth_types,
	  .label = "Authentication type", .json = "auth_type",
	  .help = "PASS: a password in clear text; AH: an IPsec authentication header." },
	{ .word = "auth_pass", .type = &value_text, .at = AUTH_AT(password), .flags = KW_SECRET,
	  .label = "Password", .help = "The password, of which 8 bytes are used." },
};

static bool auth_head(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	(void)b;
	(void)object;
	(void)node;
	(void)next;
	return true;
}

static bool auth_done(struct bind *b, struct object *object, struct node *node)
{
	struct vrrp_auth_config *auth = (void *)object;
	size_t len = auth->password ? strlen(auth->password) : 0;

	(void)node;
	if (len > VRRP_AUTH_PASS_MAX) {
		struct diag *d = diag_warning(
			b->diags, "password-length", object_place(object, AUTH_AT(password)),
			"auth_pass is longer than %u bytes: the rest is not used",
			VRRP_AUTH_PASS_MAX);

		diag_hint(b->diags, d, "cut it on all routers to keep it readable");
		len = VRRP_AUTH_PASS_MAX;
	}
	memset(auth->pass, 0, sizeof(auth->pass));
	if (len)
		memcpy(auth->pass, auth->password, len);
	return true;
}

const struct block_type vrrp_auth_block = {
	.name = "authentication",
	.form = BLOCK_KEYWORDS,
	KEYWORDS(auth_keywords),
	.size = sizeof(struct vrrp_auth_config),
	.head = auth_head,
	.head_synopsis = "",
	.done = auth_done,
	.help = "Authentication as RFC 2338 had it. No protection: later RFCs dropped it.",
};

static enum vrrp_key_result decode_hex(const char *text, size_t len, uint8_t *out,
				       size_t *out_len)
{
	if (len % 2)
		return VRRP_KEY_BAD_DIGIT;
	for (size_t i = 0; i < len; i++)
		if (num_hex_digit(text[i]) < 0)
			return VRRP_KEY_BAD_DIGIT;
	*out_len = len / 2;
	if (*out_len < VRRP_CONFIG_KEY_MIN || *out_len > VRRP_CONFIG_KEY_MAX)
		return VRRP_KEY_LENGTH;
	for (size_t i = 0; i < len; i += 2)
		out[i / 2] = (uint8_t)(num_hex_digit(text[i]) << 4 | num_hex_digit(text[i + 1]));
	return VRRP_KEY_OK;
}

enum vrrp_key_result vrrp_hmac_key_decode(const char *text, size_t len, uint8_t *out,
					  size_t *out_len)
{
	if (len >= 4 && !memcmp(text, "hex:", 4))
		return decode_hex(text + 4, len - 4, out, out_len);
	*out_len = len;
	if (len < VRRP_CONFIG_KEY_MIN || len > VRRP_CONFIG_KEY_MAX)
		return VRRP_KEY_LENGTH;
	memcpy(out, text, len);
	return VRRP_KEY_OK;
}

void vrrp_hmac_key_report(struct diags *diags, const struct vrrp_hmac_key_config *key,
			  enum vrrp_key_result result, size_t len)
{
	struct place at = key->object.name_at;

	switch (result) {
	case VRRP_KEY_OK:
		return;
	case VRRP_KEY_BAD_DIGIT:
		diag_error(diags, "hmac-key", at,
			   "key %u: after hex: there must be pairs of hexadecimal digits", key->id);
		return;
	case VRRP_KEY_LENGTH:
		diag_error(diags, "hmac-key", at, "key %u has %zu bytes, not %u to %u", key->id,
			   len, VRRP_CONFIG_KEY_MIN, VRRP_CONFIG_KEY_MAX);
		return;
	}
}

static const struct {
	const char *prefix;
	enum vrrp_hmac_source source;
} key_sources[] = {
	{ "hex:", VRRP_KEY_HEX },
	{ "file:", VRRP_KEY_FILE },
	{ "env:", VRRP_KEY_ENV },
	{ "credential:", VRRP_KEY_CREDENTIAL },
};

static void key_source(struct bind *b, struct vrrp_hmac_key_config *key, const char *text)
{
	key->source = VRRP_KEY_TEXT;
	for (size_t i = 0; i < ARRAY_LEN(key_sources); i++) {
		if (!str_starts(text, key_sources[i].prefix))
			continue;
		key->source = key_sources[i].source;
		text += strlen(key_sources[i].prefix);
		break;
	}
	key->value = arena_strdup(b->arena, text);
}

/* ID VALUE. A key that cannot be decoded stays in the list: the one mistake is reported. */
static bool key_head(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	struct vrrp_hmac_key_config *key = (void *)object;
	uint64_t id;
	size_t len = 0;

	if (*next + 2 > node->n_words) {
		for (unsigned i = *next; i < node->n_words; i++)
			bind_hide(b, &node->words[i]);
		bind_error(b, "missing-value", node, *next - 1, "key needs an ID and a value");
		return false;
	}
	const struct word *id_word = &node->words[(*next)++];
	const struct word *value = &node->words[(*next)++];

	key_source(b, key, value->text);
	if (key->source == VRRP_KEY_TEXT || key->source == VRRP_KEY_HEX)
		bind_hide(b, value);
	if (strspn(id_word->text, "0123456789") != id_word->len) {
		/* It may be the key itself, with the ID behind it. */
		bind_hide(b, id_word);
		diag_error(b->diags, "bad-number", id_word->at,
			   "a key begins with its ID, a number from 1 to %u", UINT8_MAX);
		return false;
	}
	if (!value_read_u64(b, "key id", id_word, 1, UINT8_MAX, &id))
		return false;
	key->id = (uint8_t)id;
	key->object.name = arena_strdup(b->arena, id_word->text);
	key->object.name_at = value->at;
	if (key->source != VRRP_KEY_TEXT && key->source != VRRP_KEY_HEX)
		return true;
	enum vrrp_key_result result =
		vrrp_hmac_key_decode(value->text, value->len, key->bytes, &len);

	vrrp_hmac_key_report(b->diags, key, result, len);
	key->len = result == VRRP_KEY_OK ? (uint8_t)len : 0;
	return true;
}

static void key_print_head(const struct object *object, struct strbuf *out)
{
	const struct vrrp_hmac_key_config *key = (const void *)object;

	strbuf_addf(out, "%u ", key->id);
	for (size_t i = 0; i < ARRAY_LEN(key_sources); i++)
		if (key_sources[i].source == key->source)
			strbuf_add(out, key_sources[i].prefix);
	strbuf_add(out, key->value);
}

static const struct block_type key_block = {
	.name = "key",
	.form = BLOCK_RECORD,
	.size = sizeof(struct vrrp_hmac_key_config),
	.head = key_head,
	.head_synopsis = "ID VALUE",
	.print_head = key_print_head,
	.help = "A shared key.",
};

ENUM_WORDS(replay_words, "a replay protection", { "time", VRRP_CONFIG_REPLAY_TIME, NULL },
	   { "monotonic", VRRP_CONFIG_REPLAY_MONOTONIC, NULL });
ENUM_WORDS(mode_words, "a mode", { "enforce", VRRP_CONFIG_HMAC_ENFORCE, NULL },
	   { "permissive", VRRP_CONFIG_HMAC_PERMISSIVE, NULL },
	   { "receive-only", VRRP_CONFIG_HMAC_RECEIVE_ONLY, NULL });

static const struct keyword hmac_keywords[] = {
	{ .word = "key", .type = &value_record, .at = HMAC_AT(keys), .arg = &key_block,
	  .flags = KW_APPEND | KW_SECRET, .synopsis = "ID VALUE",
	  .help = "A key of 32 to 64 bytes by its number, 1 to 255: as text, or hex:DIGITS, "
		  "file:PATH, env:NAME, credential:NAME." },
	{ .word = "active_key", .type = &value_u8, .at = HMAC_AT(active_key), .min = 1,
	  .max = UINT8_MAX, .help = "The key to send with; all keys are accepted." },
	{ .word = "time_window", .type = &value_seconds, .at = HMAC_AT(time_window), .min = 1,
	  .max = 300, .default_text = "three times advert_int, 5 to 300",
	  .help = "Difference of clocks that is accepted." },
	{ .word = "anti_replay", .type = &value_enum, .at = HMAC_AT(anti_replay),
	  .arg = &replay_words, .help = "How adverts are known to be new: by clock or counter." },
	{ .word = "mode", .type = &value_enum, .at = HMAC_AT(mode), .arg = &mode_words,
	  .help = "enforce: adverts must be signed; permissive: unsigned ones are accepted; "
		  "receive-only: and ours are not signed." },
};

/* The first of two keys with one id is kept. */
static void drop_duplicates(struct bind *b, struct object_list *keys)
{
	const struct vrrp_hmac_key_config *first[UINT8_MAX + 1] = { NULL };
	uint32_t kept = 0;

	for (uint32_t i = 0; i < keys->n; i++) {
		struct vrrp_hmac_key_config *key = keys->items[i];

		if (first[key->id]) {
			struct diag *d = diag_error(b->diags, "duplicate", key->object.at,
						    "key %u is defined twice: ignored", key->id);

			diag_see(b->diags, d, first[key->id]->object.at, "first defined here");
			continue;
		}
		first[key->id] = key;
		keys->items[kept++] = key;
	}
	keys->n = kept;
}

static bool hmac_done(struct bind *b, struct object *object, struct node *node)
{
	struct vrrp_hmac_config *hmac = (void *)object;

	(void)node;
	drop_duplicates(b, &hmac->keys);
	return true;
}

const struct block_type vrrp_hmac_block = {
	.name = "auth_hmac",
	.form = BLOCK_KEYWORDS,
	KEYWORDS(hmac_keywords),
	.size = sizeof(struct vrrp_hmac_config),
	.head = auth_head,
	.head_synopsis = "",
	.done = hmac_done,
	.help = "Adverts carry an HMAC-SHA256 trailer.",
};
