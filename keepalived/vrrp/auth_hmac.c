/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HMAC (RFC 2104) with the two hashes of VRRP.
 *
 * By the plain hash functions of libcrypto: its HMAC() looks the hash up and allocates several
 * objects at each call, which costs four times as much as hashing an advert. What held the key is
 * wiped. Keeps nothing.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "vrrp/auth_hmac.h"

#include <openssl/crypto.h>
#include <openssl/md5.h>
#include <openssl/sha.h>
#include <string.h>

#define INNER 0x36
#define OUTER 0x5c

static void pad_key(struct span key, uint8_t with, uint8_t block[HMAC_KEY_MAX])
{
	memset(block, with, HMAC_KEY_MAX);
	for (size_t i = 0; i < key.len; i++)
		block[i] ^= key.data[i];
}

static bool md5(const uint8_t block[HMAC_KEY_MAX], struct span rest, uint8_t out[HMAC_MD5_LEN])
{
	MD5_CTX c;
	bool done = MD5_Init(&c) && MD5_Update(&c, block, HMAC_KEY_MAX) &&
		    MD5_Update(&c, rest.data, rest.len) && MD5_Final(out, &c);

	OPENSSL_cleanse(&c, sizeof(c));
	return done;
}

static bool sha256(const uint8_t block[HMAC_KEY_MAX], struct span rest,
		   uint8_t out[HMAC_SHA256_LEN])
{
	SHA256_CTX c;
	bool done = SHA256_Init(&c) && SHA256_Update(&c, block, HMAC_KEY_MAX) &&
		    SHA256_Update(&c, rest.data, rest.len) && SHA256_Final(out, &c);

	OPENSSL_cleanse(&c, sizeof(c));
	return done;
}

typedef bool digest(const uint8_t block[HMAC_KEY_MAX], struct span rest, uint8_t *out);

static bool hmac(digest *hash, size_t hash_len, struct span key, struct span message, uint8_t *out)
{
	uint8_t block[HMAC_KEY_MAX], inner[HMAC_SHA256_LEN];
	bool done;

	if (key.len > HMAC_KEY_MAX)
		return false;
	pad_key(key, INNER, block);
	done = hash(block, message, inner);
	pad_key(key, OUTER, block);
	done = done && hash(block, (struct span){ inner, hash_len }, out);
	OPENSSL_cleanse(block, sizeof(block));
	return done;
}

bool hmac_md5(struct span key, struct span message, uint8_t out[HMAC_MD5_LEN])
{
	return hmac(md5, HMAC_MD5_LEN, key, message, out);
}

bool hmac_sha256(struct span key, struct span message, uint8_t out[HMAC_SHA256_LEN])
{
	return hmac(sha256, HMAC_SHA256_LEN, key, message, out);
}
