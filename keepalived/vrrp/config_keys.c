/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys of auth_hmac that stand outside the configuration: in files, variables, credentials.
 *
 * Read once, when the configuration is loaded. Whether the files are there and who may read them is
 * vetted, and reported, by core/conftest.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "vrrp/config_table.h"

struct secret {
	char text[VRRP_KEY_FILE_MAX + 1];
	size_t len;
};

static bool take_text(struct secret *out, const char *text, const char **why)
{
	out->len = text ? strlen(text) : 0;
	if (!text)
		*why = "it is not set";
	else if (out->len > VRRP_KEY_FILE_MAX)
		*why = "it is too long for a key";
	if (*why)
		return false;
	memcpy(out->text, text, out->len);
	return true;
}

static bool read_file(struct secret *out, const char *path, const char **why)
{
	attr_cleanup(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t n = 0;

	out->len = 0;
	while (fd >= 0 && out->len < sizeof(out->text) &&
	       (n = read(fd, out->text + out->len, sizeof(out->text) - out->len)) > 0)
		out->len += (size_t)n;
	if (fd < 0 || n < 0)
		*why = strerror(errno);
	else if (out->len > VRRP_KEY_FILE_MAX)
		*why = "it is too long for a key";
	while (out->len && (out->text[out->len - 1] == '\n' || out->text[out->len - 1] == '\r'))
		out->len--;
	return !*why;
}

static bool read_credential(struct secret *out, const char *name, const char **why)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	char path[PATH_MAX];

	if (!dir || strchr(name, '/') || !strcmp(name, "..")) {
		*why = dir ? "that is no name" : "$CREDENTIALS_DIRECTORY is not set";
		return false;
	}
	if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= (int)sizeof(path)) {
		*why = strerror(ENAMETOOLONG);
		return false;
	}
	return read_file(out, path, why);
}

/* False: @why says what is wrong; NULL: the key does not come from outside. */
static bool read_secret(const struct vrrp_hmac_key_config *key, struct secret *out,
			const char **why)
{
	switch (key->source) {
	case VRRP_KEY_TEXT:
	case VRRP_KEY_HEX:
		return false;
	case VRRP_KEY_FILE:
		return read_file(out, key->value, why);
	case VRRP_KEY_ENV:
		return take_text(out, getenv(key->value), why);
	case VRRP_KEY_CREDENTIAL:
		return read_credential(out, key->value, why);
	}
	return false;
}

static void load_key(struct config *config, struct vrrp_hmac_key_config *key)
{
	struct secret secret;
	const char *why = NULL;
	size_t len = 0;

	if (read_secret(key, &secret, &why)) {
		enum vrrp_key_result result =
			vrrp_hmac_key_decode(secret.text, secret.len, key->bytes, &len);

		vrrp_hmac_key_report(config->diags, key, result, len);
		key->len = result == VRRP_KEY_OK ? (uint8_t)len : 0;
	} else if (why && (key->source != VRRP_KEY_FILE || secret.len)) {
		diag_error(config->diags, "hmac-key", key->object.name_at,
			   "key %u cannot be read from '%s': %s", key->id, key->value, why);
	}
	explicit_bzero(&secret, sizeof(secret));
}

void vrrp_config_load(struct config *config)
{
	const struct vrrp_config *vc = vrrp_config_of(config);

	for (uint32_t i = 0; vc && i < vc->instances.n; i++) {
		struct vrrp_instance_config *vi = vc->instances.items[i];

		if (!vi->rare->hmac)
			continue;
		for (uint32_t j = 0; j < vi->rare->hmac->keys.n; j++)
			load_key(config, vi->rare->hmac->keys.items[j]);
		if (vi->rare->hmac->active && !vi->rare->hmac->active->len)
			vi->faults |= VRRP_BAD_HMAC_KEY;
	}
}
