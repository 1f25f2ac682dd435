/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HMAC (RFC 2104) with the two hashes of VRRP.
 */
#pragma once

#include "base/span.h"

#define HMAC_KEY_MAX 64		/* bytes: one block of either hash */
#define HMAC_MD5_LEN 16
#define HMAC_SHA256_LEN 32

struct vrrp_crypto;

/** The HMAC of @message under @key. False if the key is longer than HMAC_KEY_MAX, or the hash is
 *  not to be had (@by is NULL or cannot do it). */
bool hmac_md5(const struct vrrp_crypto *by, struct span key, struct span message,
	      uint8_t out[HMAC_MD5_LEN]);
bool hmac_sha256(const struct vrrp_crypto *by, struct span key, struct span message,
		 uint8_t out[HMAC_SHA256_LEN]);
