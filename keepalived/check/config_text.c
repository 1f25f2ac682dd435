/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How configured services and servers are named in messages, events and dumps; small questions
 * about the configuration.
 */
#include "check/config_values.h"

#include "core/engine.h"

const struct check_config *check_config_of(const struct config *config)
{
	return (const struct check_config *)(const void *)config->section[ENGINE_CHECK];
}

bool check_config_wanted(const struct config *config)
{
	const struct check_config *check = check_config_of(config);

	return check && check->virtual_servers.n > 0;
}

struct addr check_target(const struct real_server *rs, const struct checker_config *checker,
			 uint16_t *out_port)
{
	const struct check_connect *connect = checker->connect;

	*out_port = connect->port ? connect->port : rs->check_port;
	return addr_is_set(connect->ip) ? connect->ip : rs->addr;
}

static const char *protocol_text(int protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_SCTP:
		return "sctp";
	default:
		return "none";
	}
}

static void endpoint_text(struct addr addr, int protocol, uint16_t port, struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];

	strbuf_addf(out, "[%s]:%s:%u", addr_print(addr, text), protocol_text(protocol), port);
}

void check_vs_text(const struct virtual_server *vs, struct strbuf *out)
{
	switch (vs->kind) {
	case SERVICE_ADDRESS:
		endpoint_text(vs->addr, vs->protocol, vs->port, out);
		return;
	case SERVICE_FWMARK:
		strbuf_addf(out, "FWM %u", vs->fwmark);
		return;
	case SERVICE_GROUP:
		strbuf_addf(out, "[%s]:%u", vs->group_name, vs->group_ordinal);
		return;
	}
}

void check_rs_text(const struct virtual_server *vs, const struct real_server *rs,
		   struct strbuf *out)
{
	endpoint_text(rs->addr, vs->protocol, rs->port, out);
}

static const struct set_mark *mark_of_word(const struct object *object, const char *word)
{
	for (uint32_t i = object->n_marks; i-- > 0;)
		if (!strcmp(object->type->keywords[object->marks[i].row].word, word))
			return &object->marks[i];
	return NULL;
}

bool word_is_set(const struct object *object, const char *word)
{
	return mark_of_word(object, word) != NULL;
}

struct place word_place(const struct object *object, const char *word)
{
	const struct set_mark *mark = mark_of_word(object, word);

	if (!mark)
		return object->at;
	return set_mark_place(mark);
}
