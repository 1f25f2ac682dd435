/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HMAC (RFC 2104) with the two hashes of VRRP.
 *
 * By the plain hash functions of libcrypto: 215 ns for an advert of 60 bytes, with nothing to keep.
 * Its HMAC() takes 1290 ns, for it looks the hash up and allocates each time. EVP_MAC started again
 * in a context that is kept for each key (240 ns), or copies of two EVP_MD_CTX (210 ns), are as
 * fast, but cost 150 kB for the provider and 930 bytes for each key, and every key would be an
 * object with an owner instead of a value. Measured with OpenSSL 3.0; if the plain functions go,
 * EVP_MAC it is. What held the key is wiped. Keeps nothing.
 */
#include "vrrp/auth_hmac.h"

#include <string.h>

#include "vrrp/auth_crypto.inc"

#define INNER 0x36
#define OUTER 0x5c

static void pad_key(struct span key, uint8_t with, uint8_t block[HMAC_KEY_MAX])
{
	memset(block, with, HMAC_KEY_MAX);
	for (size_t i = 0; i < key.len; i++)
		block[i] ^= key.data[i];
}

static bool md5(const struct vrrp_crypto *by, const uint8_t block[HMAC_KEY_MAX], struct span rest,
		uint8_t *out)
{
	MD5_CTX c;
	bool done = by->MD5_Init(&c) && by->MD5_Update(&c, block, HMAC_KEY_MAX) &&
		    by->MD5_Update(&c, rest.data, rest.len) && by->MD5_Final(out, &c);

	by->OPENSSL_cleanse(&c, sizeof(c));
	return done;
}

static bool sha256(const struct vrrp_crypto *by, const uint8_t block[HMAC_KEY_MAX],
		   struct span rest, uint8_t *out)
{
	SHA256_CTX c;
	bool done = by->SHA256_Init(&c) && by->SHA256_Update(&c, block, HMAC_KEY_MAX) &&
		    by->SHA256_Update(&c, rest.data, rest.len) && by->SHA256_Final(out, &c);

	by->OPENSSL_cleanse(&c, sizeof(c));
	return done;
}

typedef bool digest(const struct vrrp_crypto *, const uint8_t block[HMAC_KEY_MAX],
		    struct span rest, uint8_t *out);

/** A hash function, and how many bytes it yields. */
struct hash {
	digest *digest;
	size_t len;
};

static bool hmac(const struct vrrp_crypto *by, struct hash hash, struct span key,
		 struct span message, uint8_t *out)
{
	uint8_t block[HMAC_KEY_MAX], inner[HMAC_SHA256_LEN];
	bool done;

	if (!by || key.len > HMAC_KEY_MAX)
		return false;
	pad_key(key, INNER, block);
	done = hash.digest(by, block, message, inner);
	pad_key(key, OUTER, block);
	done = done && hash.digest(by, block, (struct span){ inner, hash.len }, out);
	by->OPENSSL_cleanse(block, sizeof(block));
	return done;
}

bool hmac_md5(const struct vrrp_crypto *by, struct span key, struct span message,
	      uint8_t out[HMAC_MD5_LEN])
{
	return hmac(by, (struct hash){ md5, HMAC_MD5_LEN }, key, message, out);
}

bool hmac_sha256(const struct vrrp_crypto *by, struct span key, struct span message,
		 uint8_t out[HMAC_SHA256_LEN])
{
	return hmac(by, (struct hash){ sha256, HMAC_SHA256_LEN }, key, message, out);
}
