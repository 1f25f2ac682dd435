/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which authentication an instance may use, and the key that it sends with.
 */
#include "vrrp/config_check.h"

#define HMAC_AT(m)  offsetof(struct vrrp_hmac_config, m)
#define AUTH_AT(m)  offsetof(struct vrrp_auth_config, m)
#define WINDOW_MIN  5
#define WINDOW_MAX  300
#define WINDOW_ADVERTS 3

static const char *why_no_auth(const struct vrrp_instance_config *vi)
{
	const struct vrrp_auth_config *auth = vi->rare->auth;

	if (vi->rare->hmac)
		return "auth_hmac is used";
	if (vi->strict == TRISTATE_ON)
		return "strict mode does not allow it";
	if (vi->version == 3)
		return "version 3 has none";
	if (!auth->password || !auth->password[0])
		return "auth_pass is missing";
	if (auth->type == VRRP_CONFIG_AUTH_AH && vi->family == AF_INET6)
		return "AH is for IPv4";
	return NULL;
}

static void check_old(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	if (!vi->rare->auth)
		return;
	if (vi->rare->auth->type == VRRP_CONFIG_AUTH_NONE) {
		if (!object_is_set(&vi->rare->auth->object, AUTH_AT(type)) && !vi->rare->hmac &&
		    !diags_mistake_of(c->base->diags, vi->rare->auth, AUTH_AT(type)))
			vi_note(c, "authentication", vi, VRRP_RARE_AT(auth),
				"authentication has no effect without auth_type");
		vi_rare(c, vi)->auth = NULL;
		return;
	}
	const char *why = why_no_auth(vi);

	if (why) {
		if (!diags_mistake_of(c->base->diags, vi->rare->auth, AUTH_AT(password)))
			vi_warning(c, "authentication", vi, VRRP_RARE_AT(auth),
				   "authentication is ignored: %s", why);
		vi_rare(c, vi)->auth = NULL;
		return;
	}
	if (vi->rare->auth->type == VRRP_CONFIG_AUTH_AH && vi->want == VRRP_WANT_MASTER &&
	    !vi->owner) {
		vi_warning(c, "authentication", vi, VI_AT(want),
			   "with auth_type AH only priority 255 may begin as MASTER: state BACKUP "
			   "is used");
		vi->want = VRRP_WANT_BACKUP;
	}
}

static struct vrrp_hmac_key_config *find_key(const struct vrrp_hmac_config *hmac, uint8_t id)
{
	for (uint32_t i = 0; i < hmac->keys.n; i++) {
		struct vrrp_hmac_key_config *key = hmac->keys.items[i];

		if (key->id == id)
			return key;
	}
	return NULL;
}

static bool is_decoded_here(const struct vrrp_hmac_key_config *key)
{
	return key->source == VRRP_KEY_TEXT || key->source == VRRP_KEY_HEX;
}

static void check_active(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	struct vrrp_hmac_config *hmac = vi->rare->hmac;
	struct place at = object_place(&hmac->object, HMAC_AT(active_key));

	hmac->active = hmac->active_key ? find_key(hmac, hmac->active_key) : NULL;
	if (hmac->active) {
		/* has been reported where it is written */
		if (is_decoded_here(hmac->active) && !hmac->active->len)
			vi->faults |= VRRP_BAD_HMAC_KEY;
		return;
	}
	if (hmac->active_key)
		diag_error(c->base->diags, "hmac-key", at,
			   "(%s) active_key %u is not defined: it stays in FAULT",
			   vi->object.name, hmac->active_key);
	else
		diag_error(c->base->diags, "hmac-key", vi_place(vi, VRRP_RARE_AT(hmac)),
			   "(%s) auth_hmac has no active_key: it stays in FAULT", vi->object.name);
	vi->faults |= VRRP_BAD_HMAC_KEY;
}

static void need_key_files(struct vrrp_check *c, const struct vrrp_instance_config *vi)
{
	for (uint32_t i = 0; i < vi->rare->hmac->keys.n; i++) {
		const struct vrrp_hmac_key_config *key = vi->rare->hmac->keys.items[i];

		if (key->source != VRRP_KEY_FILE)
			continue;
		config_need(c->base, &(struct config_need){
					     .kind = NEED_PRIVATE_FILE,
					     .name = key->value,
					     .what = vi->object.name,
					     .at = key->object.name_at,
				     });
	}
}

static void check_hmac(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	struct vrrp_hmac_config *hmac = vi->rare->hmac;

	if (!hmac)
		return;
	check_active(c, vi);
	need_key_files(c, vi);
	if (kspan_is_zero(hmac->time_window)) {
		int64_t seconds = WINDOW_ADVERTS * kspan_sec(vi->advert_every);

		hmac->time_window = SEC(MAX_OF(WINDOW_MIN, MIN_OF(seconds, WINDOW_MAX)));
	}
	if (vi->strict == TRISTATE_ON && hmac->mode != VRRP_CONFIG_HMAC_ENFORCE) {
		diag_warning(c->base->diags, "strict", object_place(&hmac->object, HMAC_AT(mode)),
			     "(%s) strict mode: auth_hmac is enforced", vi->object.name);
		hmac->mode = VRRP_CONFIG_HMAC_ENFORCE;
	}
}

void check_auth(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	check_old(c, vi);
	check_hmac(c, vi);
}
