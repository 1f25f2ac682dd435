/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shape of the status page, the ring of transitions, and the statistics as text.
 */
#include "vrrp/status.h"

#include <inttypes.h>

#include "vrrp/dump.h"

/* A transition as kept; most causes have no text. */
struct past {
	int64_t at_wall_ns;
	uint8_t from, to;
	uint8_t priority;
	uint8_t cause;			/* enum cause_type */
	bool has_text;
	int32_t number;
	struct addr addr;
};

struct past_text {
	char text[sizeof((struct cause){ 0 }.text)];
};

static uint32_t bfd_count(const struct vrrp_config *vc)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < vc->instances.n; i++) {
		const struct object_list *list =
			&vrrp_instance_at(vc, i)->track->list[TRACKER_BFD];

		for (uint32_t j = 0; j < list->n; j++) {
			const struct tracker_config *t = list->items[j];

			if (t->target && t->target_id >= n)
				n = t->target_id + 1;
		}
	}
	return n;
}

void vrrp_status_layout(const struct vrrp_config *vc, struct status_layout *out)
{
	*out = (struct status_layout){
		.n_kinds = VRRP_SLOT_KINDS,
		.version = VRRP_STATUS_VERSION,
		.kinds = {
			[VRRP_SLOT_ENGINE] = { sizeof(struct vrrp_engine_status), 1 },
			[VRRP_SLOT_INSTANCE] = { sizeof(struct vrrp_instance_status),
						 vc->instances.n },
			[VRRP_SLOT_GROUP] = { sizeof(struct vrrp_group_status), vc->groups.n },
			[VRRP_SLOT_CHECK] = { sizeof(struct vrrp_check_status), vc->n_checks },
			[VRRP_SLOT_FILE] = { sizeof(struct vrrp_file_status), vc->files.n },
			[VRRP_SLOT_PROCESS] = { sizeof(struct vrrp_process_status),
						vc->processes.n },
			[VRRP_SLOT_BFD] = { sizeof(struct vrrp_bfd_status), bfd_count(vc) },
			[VRRP_SLOT_ADDRESS] = { sizeof(struct vrrp_address_status),
						vc->n_addresses },
			[VRRP_SLOT_INTERFACE] = { sizeof(struct vrrp_interface_status),
						  vc->interfaces.n },
			[VRRP_SLOT_SOCKET] = { sizeof(struct vrrp_socket_status),
					       vc->instances.n },
			[VRRP_SLOT_RARE] = { sizeof(struct vrrp_rare_counters),
					     vc->instances.n },
			[VRRP_SLOT_DIAGNOSIS] = { sizeof(struct vrrp_diagnosis_status),
						  vc->instances.n },
			[VRRP_SLOT_MARKS] = { sizeof(struct vrrp_marks_status),
					      vc->instances.n },
			[VRRP_SLOT_TRANSITION] = { sizeof(struct past),
						   vc->instances.n * VRRP_TRANSITIONS_KEPT },
			[VRRP_SLOT_CAUSE_TEXT] = { sizeof(struct past_text),
						   vc->instances.n * VRRP_TRANSITIONS_KEPT },
			[VRRP_SLOT_SETTING] = { sizeof(struct vrrp_setting_status),
						VRRP_SETTINGS_KEPT },
		},
	};
}

/* -- transitions --------------------------------------------------------------------------- */

/* First entries of all instances lie together, so what few instances use is no memory for the
 * others. */
static uint32_t slot_of(const struct status_page *page, uint32_t index, uint32_t nth)
{
	return nth % VRRP_TRANSITIONS_KEPT * status_count(page, VRRP_SLOT_INSTANCE) + index;
}

static void write_text(struct status_page *page, uint32_t at, const char *text)
{
	struct past_text *slot = status_begin(page, VRRP_SLOT_CAUSE_TEXT, at);

	if (slot)
		(void)str_copy(slot->text, sizeof(slot->text), text);
	status_end(page, slot);
}

static void write_transition(struct status_page *page, uint32_t at,
			     const struct vrrp_transition *t)
{
	struct past *slot = status_begin(page, VRRP_SLOT_TRANSITION, at);

	if (!slot)
		return;
	*slot = (struct past){
		.at_wall_ns = t->at_wall_ns,
		.from = t->from,
		.to = t->to,
		.priority = t->priority,
		.cause = (uint8_t)t->cause.type,
		.has_text = t->cause.text[0],
		.number = t->cause.number,
		.addr = t->cause.from,
	};
	if (slot->has_text)
		write_text(page, at, t->cause.text);
	status_end(page, slot);
}

void vrrp_status_transition(struct status_page *page, uint32_t index,
			    struct vrrp_instance_status *status, const struct vrrp_transition *t)
{
	struct vrrp_transition complete = *t;

	complete.from = status->state;
	write_transition(page, slot_of(page, index, status->n_transitions++), &complete);
	status->state = t->to;
	status->last_transition_wall_ns = t->at_wall_ns;
}

bool vrrp_status_read_transition(const struct status_page *page, uint32_t index, uint32_t nth,
				 struct vrrp_transition *out)
{
	uint32_t at = slot_of(page, index, nth);
	struct past_text text = { 0 };
	struct past past;

	if (!status_read(page, VRRP_SLOT_TRANSITION, at, &past, sizeof(past)))
		return false;
	*out = (struct vrrp_transition){
		.at_wall_ns = past.at_wall_ns,
		.from = past.from,
		.to = past.to,
		.priority = past.priority,
		.cause = { .type = past.cause, .number = past.number, .from = past.addr },
	};
	if (past.has_text)
		(void)status_read(page, VRRP_SLOT_CAUSE_TEXT, at, &text, sizeof(text));
	(void)str_copy(out->cause.text, sizeof(out->cause.text), text.text);
	return true;
}

/* -- counters ------------------------------------------------------------------------------ */

void vrrp_status_counters(const struct status_page *page, uint32_t index,
			  const struct vrrp_instance_status *status, struct vrrp_counters *out)
{
	struct vrrp_rare_counters rare = { 0 };

	if (status->has_rare)
		(void)status_read(page, VRRP_SLOT_RARE, index, &rare, sizeof(rare));
#define USUAL_(field) out->field = status->usual.field;
#define RARE_(field) out->field = rare.field;
	VRRP_COUNTERS(USUAL_, RARE_)
#undef USUAL_
#undef RARE_
}

static void keep_rare(struct status_page *from, uint32_t from_index, struct status_page *to,
		      uint32_t to_index)
{
	struct vrrp_rare_counters *slot = status_begin(to, VRRP_SLOT_RARE, to_index);

	if (slot)
		(void)status_read(from, VRRP_SLOT_RARE, from_index, slot, sizeof(*slot));
	status_end(to, slot);
}

/* -- diagnosis ----------------------------------------------------------------------------- */

/* Silence is usual, and has nothing to add. */
static bool has_slot(uint8_t finding)
{
	return finding != VRRP_FINDING_NONE && finding != VRRP_FINDING_SILENCE;
}

void vrrp_status_diagnosis(const struct status_page *page, uint32_t index,
			   const struct vrrp_instance_status *status,
			   struct vrrp_diagnosis_status *out)
{
	if (has_slot(status->finding) &&
	    status_read(page, VRRP_SLOT_DIAGNOSIS, index, out, sizeof(*out)))
		return;
	*out = (struct vrrp_diagnosis_status){ .diagnosis.finding = status->finding };
	if (status->finding == VRRP_FINDING_SILENCE)
		out->since_wall_ns = status->last_transition_wall_ns;
}

void vrrp_status_diagnosed(struct status_page *page, uint32_t index,
			   struct vrrp_instance_status *status,
			   const struct vrrp_diagnosis_status *diagnosis)
{
	struct vrrp_diagnosis_status *slot = NULL;

	status->finding = diagnosis->diagnosis.finding;
	if (has_slot(status->finding))
		slot = status_begin(page, VRRP_SLOT_DIAGNOSIS, index);
	if (slot)
		*slot = *diagnosis;
	status_end(page, slot);
}

static void keep_diagnosis(struct status_page *from, uint32_t from_index, struct status_page *to,
			   uint32_t to_index)
{
	struct vrrp_diagnosis_status *slot = status_begin(to, VRRP_SLOT_DIAGNOSIS, to_index);

	if (slot)
		(void)status_read(from, VRRP_SLOT_DIAGNOSIS, from_index, slot, sizeof(*slot));
	status_end(to, slot);
}

#define AH_SPARE 16

/* -- numbers of adverts -------------------------------------------------------------------- */

/* Where the sender is, or a place for it: an empty one or that of whom nobody heard for longest. */
static struct vrrp_mark *place_of(struct vrrp_marks_status *s, const struct addr *from)
{
	struct vrrp_mark *oldest = &s->marks[0];

	for (uint32_t i = 0; i < s->n; i++) {
		if (addr_equal(s->marks[i].from, *from))
			return &s->marks[i];
		if (s->marks[i].used < oldest->used)
			oldest = &s->marks[i];
	}
	return s->n < VRRP_MARKS_KEPT ? &s->marks[s->n++] : oldest;
}

void vrrp_status_marks(struct status_page *page, uint32_t index, const struct vrrp_auth *auth,
		       const struct addr *from)
{
	const struct vrrp_mark *mark = from ? vrrp_auth_mark(auth, from) : NULL;
	struct vrrp_marks_status *slot;

	if (from && !mark)
		return;
	slot = status_begin(page, VRRP_SLOT_MARKS, index);
	if (slot) {
		slot->hmac_sent = auth->hmac_sequence;
		slot->ah_sent = auth->ah_sequence;
	}
	if (slot && mark)
		*place_of(slot, from) = *mark;
	status_end(page, slot);
}

void vrrp_status_restore_marks(const struct status_page *page, uint32_t index,
			       struct vrrp_auth *auth)
{
	struct vrrp_marks_status s;

	if (!status_read(page, VRRP_SLOT_MARKS, index, &s, sizeof(s)))
		return;
	for (uint32_t i = 0; i < MIN_OF(s.n, (uint32_t)VRRP_MARKS_KEPT); i++)
		vrrp_auth_restore(auth, &s.marks[i]);
	auth->hmac_sequence = s.hmac_sent;
	/* Farewells may have been sent in its place, too. */
	if (s.ah_sent > 0 && s.ah_sent < UINT32_MAX - AH_SPARE)
		auth->ah_sequence = MAX_OF(auth->ah_sequence, s.ah_sent + AH_SPARE);
}

static void keep_marks(struct status_page *from, uint32_t from_index, struct status_page *to,
		       uint32_t to_index)
{
	const struct vrrp_marks_status *old = status_slot(from, VRRP_SLOT_MARKS, from_index);
	struct vrrp_marks_status *slot = NULL;

	if (old && (old->n > 0 || old->hmac_sent || old->ah_sent))
		slot = status_begin(to, VRRP_SLOT_MARKS, to_index);
	if (slot)
		*slot = *old;
	status_end(to, slot);
}

void vrrp_status_keep(struct status_page *from, uint32_t from_index, struct status_page *to,
		      uint32_t to_index)
{
	const struct vrrp_instance_status *status =
		status_slot(from, VRRP_SLOT_INSTANCE, from_index);
	uint32_t kept = status ? MIN_OF(status->n_transitions, (uint32_t)VRRP_TRANSITIONS_KEPT) : 0;
	struct vrrp_transition t;

	if (status && status->has_rare)
		keep_rare(from, from_index, to, to_index);
	keep_marks(from, from_index, to, to_index);
	if (status && has_slot(status->finding))
		keep_diagnosis(from, from_index, to, to_index);
	for (uint32_t nth = 0; nth < kept; nth++)
		if (vrrp_status_read_transition(from, from_index, nth, &t))
			write_transition(to, slot_of(to, to_index, nth), &t);
}

/* -- showing ------------------------------------------------------------------------------- */

struct vrrp_dump vrrp_dump_of(const struct config *config, const struct status_page *page)
{
	return (struct vrrp_dump){
		.config = config,
		.vc = vrrp_config_of(config),
		.page = page && page->generation == config->generation ? page : NULL,
	};
}

void vrrp_dump_instance(const struct vrrp_dump *d, uint32_t index,
			struct vrrp_instance_status *out)
{
	const struct vrrp_instance_config *vi = vrrp_instance_at(d->vc, index);

	if (status_read(d->page, VRRP_SLOT_INSTANCE, index, out, sizeof(*out)))
		return;
	*out = (struct vrrp_instance_status){
		.want = vi->want == VRRP_WANT_MASTER ? VRRP_STATE_MASTER : VRRP_STATE_BACKUP,
		.effective_priority = vi->priority,
		.total_priority = vi->priority,
		.socket = -1,
		.master_advert_every = vi->advert_every,
	};
	if (vi->ifname)
		(void)str_copy(out->ifname, sizeof(out->ifname), vi->ifname);
}

/* interface: programs read these lines */
#define NO_VALUE SIZE_MAX
#define FIELD(name) offsetof(struct vrrp_counters, name)
static const struct {
	const char *text;
	size_t at;
} stats_rows[] = {
	{ "  Advertisements:\n", NO_VALUE },
	{ "    Received: ", FIELD(advert_rcvd) },
	{ "    Sent: ", FIELD(advert_sent) },
	{ "  Became master: ", FIELD(become_master) },
	{ "  Released master: ", FIELD(release_master) },
	{ "  Packet Errors:\n", NO_VALUE },
	{ "    Length: ", FIELD(packet_len_err) },
	{ "    TTL: ", FIELD(ip_ttl_err) },
	{ "    Invalid Type: ", FIELD(invalid_type_rcvd) },
	{ "    Advertisement Interval: ", FIELD(advert_interval_err) },
	{ "    Address List: ", FIELD(addr_list_err) },
	{ "  Authentication Errors:\n", NO_VALUE },
	{ "    Invalid Type: ", FIELD(invalid_authtype) },
	{ "    Type Mismatch: ", FIELD(authtype_mismatch) },
	{ "    Failure: ", FIELD(auth_failure) },
	{ "  Authentication Extension Errors:\n", NO_VALUE },
	{ "    Missing: ", FIELD(auth_ext_missing) },
	{ "    Malformed: ", FIELD(auth_ext_malformed) },
	{ "    Unknown Key: ", FIELD(auth_ext_unknown_key) },
	{ "    Invalid HMAC: ", FIELD(auth_ext_invalid_hmac) },
	{ "    Stale: ", FIELD(auth_ext_stale) },
	{ "    Replay: ", FIELD(auth_ext_replay) },
	{ "  Priority Zero:\n", NO_VALUE },
	{ "    Received: ", FIELD(pri_zero_rcvd) },
	{ "    Sent: ", FIELD(pri_zero_sent) },
	{ "  Other Errors:\n", NO_VALUE },
	{ "    Checksum: ", FIELD(checksum_err) },
	{ "    Version: ", FIELD(version_err) },
	{ "    Source not a peer: ", FIELD(src_not_peer) },
	{ "    Send: ", FIELD(send_err) },
};

static void add_stats(const struct vrrp_counters *counters, struct strbuf *out)
{
	for (size_t row = 0; row < ARRAY_LEN(stats_rows); row++) {
		const char *at = (const char *)counters + stats_rows[row].at;

		strbuf_add(out, stats_rows[row].text);
		if (stats_rows[row].at != NO_VALUE)
			strbuf_addf(out, "%" PRIu64 "\n", *(const uint64_t *)(const void *)at);
	}
}

void vrrp_dump_stats(const struct config *config, const struct status_page *page,
		     struct strbuf *out)
{
	const struct vrrp_dump d = vrrp_dump_of(config, page);
	struct vrrp_instance_status status;
	struct vrrp_counters counters;

	for (uint32_t i = 0; d.vc && i < d.vc->instances.n; i++) {
		vrrp_dump_instance(&d, i, &status);
		strbuf_addf(out, "VRRP Instance: %s\n", vrrp_instance_at(d.vc, i)->object.name);
		vrrp_status_counters(d.page, i, &status, &counters);
		add_stats(&counters, out);
	}
}
