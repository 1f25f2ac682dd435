/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configuration of the checkers: virtual servers, their real servers and the checks of each.
 *
 * After check_config_check() the structs are complete: names are resolved, what is inherited
 * (virtual server -> real server -> checker) stands in the object that uses it, and what could
 * not be used is gone. An engine never looks outwards for a default.
 *
 * There may be a hundred thousand real servers, so what most of them have in common is a shared
 * part behind a const pointer that is never NULL: timing, connection and the rare settings.
 */
#pragma once

#include "base/time.h"
#include "config/bind.h"
#include "config/value.h"
#include "core/config.h"
#include "core/config_script.h"
#include "core/config_track.h"
#include "net/addr.h"

/* ---- virtual server groups ---- */

enum group_entry_kind { GROUP_ADDRESSES, GROUP_FWMARK };

/** One line of a virtual_server_group. */
struct group_entry {
	struct object object;
	enum group_entry_kind kind;
	struct addr first, last;	/* both included; equal for a single address */
	uint16_t port;			/* 0: all ports */
	uint8_t prefix_len;		/* 0: not written as a prefix */
	uint8_t family;			/* of a mark; AF_UNSPEC: the virtual server's */
	uint32_t fwmark;
	uint64_t n_addrs;		/* first..last; UINT64_MAX: that or more */
};

struct server_group {
	struct object object;
	struct object_list entries;	/* struct group_entry */
	bool has_v4, has_v6;		/* addresses, or marks with that family */
	bool has_mark, only_marks;
	bool has_open_mark;		/* a mark without family */
	bool has_any_port;		/* an address entry without port */
	int32_t common_port;		/* of all addresses; 0: none has one, -1: they differ */
	uint32_t n_used;		/* virtual servers that use it */
};

/* ---- forwarding ---- */

enum forward_method { FORWARD_UNSET, FORWARD_NAT, FORWARD_DR, FORWARD_TUN };
enum tunnel_type { TUNNEL_IPIP, TUNNEL_GUE, TUNNEL_GRE };	/* as the kernel numbers them */
enum tunnel_csum { TUNNEL_NOCSUM, TUNNEL_CSUM, TUNNEL_REMCSUM };

struct forward_config {
	uint8_t method;		/* enum forward_method */
	uint8_t tunnel;		/* enum tunnel_type */
	uint8_t csum;		/* enum tunnel_csum */
	uint16_t tunnel_port;	/* host order; only for gue */
};

/* ---- shared parts ---- */

/** When and how often. While binding, the unset values are TIME_UNSET and RETRY_UNSET; in a
 *  checker everything is resolved. */
struct check_timing {
	kspan connect_timeout;
	kspan delay_loop;
	kspan delay_before_retry;
	kspan warmup;			/* upper bound of the random start delay */
	int64_t retry;			/* attempts after the first failed one */
};

#define TIME_UNSET ((kspan){ -1 })
#define RETRY_UNSET (-1)

/** How a checker connects. */
struct check_connect {
	struct addr ip;			/* none: the real server's; see check_target() */
	struct addr bind_ip;
	const char *bind_if;		/* NULL: none */
	uint32_t fwmark;		/* 0: none */
	uint16_t port;			/* 0: the real server's */
	uint16_t bind_port;		/* 0: any */
};

/** What few real servers have. */
struct server_rare {
	const struct script_config *notify_up, *notify_down;
	const char *virtualhost;	/* resolved: the virtual server's if it has none */
	const char *snmp_name;
	uint32_t uthreshold, lthreshold;	/* connections; 0: none */
};

/* ---- checkers ---- */

enum checker_kind {
	CHECKER_TCP,
	CHECKER_HTTP,
	CHECKER_SSL,
	CHECKER_SMTP,
	CHECKER_DNS,
	CHECKER_MISC,
	CHECKER_UDP,
	CHECKER_PING,
	CHECKER_FILE,
	CHECKER_BFD,
	CHECKER_KINDS
};

/** The head of every checker; TCP_CHECK and PING_CHECK have nothing more. */
struct checker_config {
	struct object object;
	const struct check_timing *timing;
	const struct check_connect *connect;
	enum tristate alpha;		/* resolved to on or off */
	enum tristate log_all_failures;	/* resolved to on or off */
	uint8_t kind;			/* enum checker_kind */
};

/** MISC_CHECK. */
struct misc_check_config {
	struct checker_config checker;
	const struct script_config *script;
	kspan timeout;			/* resolved; never 0 */
	struct script_owner owner;	/* "user" in the block; is in ->script too */
	bool dynamic;			/* exit status 2..255 sets the weight */
};

/** One additional endpoint of an SMTP_CHECK, written as the deprecated host block. Turned into
 *  an SMTP_CHECK of its own by check_config_check(). */
struct smtp_host_config {
	struct object object;
	const struct check_connect *connect;
	const struct check_timing *timing;	/* of the SMTP_CHECK: the block writes to it */
	kspan connect_timeout;		/* TIME_UNSET: that of the SMTP_CHECK */
	enum tristate alpha, log_all_failures;	/* go to the SMTP_CHECK */
	struct checker_config *owner;	/* while binding */
};

struct smtp_check_config {
	struct checker_config checker;
	const char *helo_name;
	struct object_list hosts;	/* struct smtp_host_config; empty after the checks */
};

/** Names of the query types and their numbers (RFC 1035 and successors). */
struct dns_check_config {
	struct checker_config checker;
	int type;
	const char *name;		/* "." for the root */
};

/** Bytes to send, or to compare with: a reply byte matches if (byte & mask) == value. */
struct hex_data {
	const uint8_t *value;
	const uint8_t *mask;		/* NULL: all bits */
	uint32_t len;
	bool set;			/* written, perhaps without bytes */
};

struct udp_check_config {
	struct checker_config checker;
	struct hex_data payload;	/* !set: the default text */
	struct hex_data reply;		/* set: a reply must come; with bytes: and match */
	uint16_t min_reply_length;
	uint16_t max_reply_length;
};

enum http_protocol { HTTP_1_0, HTTP_1_0C, HTTP_1_1 };

/** Accepted status codes: bit (code - 100). */
#define HTTP_STATUS_MIN 100
#define HTTP_STATUS_MAX 599
struct http_status_set {
	uint64_t bits[8];
	bool set;		/* written; else 200-299 */
};
bool http_status_accepted(const struct http_status_set *, unsigned code);

/** The word of option bit @option of a regular expression ("caseless"); NULL: no such bit. */
const char *check_regex_option_word(unsigned option);

struct http_regex {
	const char *pattern;		/* NULL: none */
	struct place pattern_at;
	uint32_t options;		/* bits; see check_regex_option_word() */
	bool no_match;			/* the pattern must not match */
	uint64_t min_offset, max_offset;	/* where a match may start; max UINT64_MAX: any */
	struct regex_stack {
		uint64_t start, max;	/* bytes; 0: the library's */
	} stack;
};

struct http_url_config {
	struct object object;
	const char *path;
	const char *virtualhost;	/* resolved Host header, NULL: the address */
	const char *sni;		/* resolved; NULL: none is sent */
	struct md5_digest {
		uint8_t bytes[16];
		bool set;
	} digest;
	bool tls_compliant;		/* resolved */
	struct http_status_set status;
	struct http_regex regex;
};

/** HTTP_GET and SSL_GET. */
struct http_check_config {
	struct checker_config checker;
	struct object_list urls;	/* struct http_url_config, at least one */
	const char *virtualhost;
	const char *sni_name;
	int protocol;			/* enum http_protocol */
	bool enable_sni;
	bool fast_recovery;
	bool tls_compliant;
};

/** The name of another object, and where it is written. */
struct named_ref {
	const char *name;
	struct place at;
};

/** FILE_CHECK. */
struct file_check_config {
	struct checker_config checker;
	struct named_ref name;
	const struct track_file_config *file;	/* resolved */
	struct file_weight {
		int32_t value;		/* multiplier; 0: down while the file's is not 0 */
		bool reverse;
		bool set;		/* written; resolved: the track_file's otherwise */
	} weight;
};

/** BFD_CHECK. */
struct bfd_check_config {
	struct checker_config checker;
	struct named_ref name;
	const struct bfd_tracked *session;	/* resolved */
};

/* ---- servers ---- */

struct real_server {
	struct object object;
	struct object_list checkers;	/* struct checker_config, in the order written */
	const struct check_timing *timing;
	const struct server_rare *rare;
	struct addr addr;
	uint16_t port;			/* in IPVS: resolved from the service's; 0: any */
	uint16_t check_port;		/* for checkers: as written, else the service's; 0: none */
	struct forward_config forward;	/* resolved */
	uint16_t end_lines;		/* from its first line to its closing brace; 0: unknown */
	int32_t weight;			/* resolved; -1 while binding: unset */
	enum tristate alpha, inhibit, smtp_alert;	/* resolved to on or off */
};

struct sorry_server {
	struct addr addr;
	uint16_t port;
	struct forward_config forward;
	bool set;
	bool inhibit;
	bool is_real_server;		/* same address and port as a real server */
	struct place at;
};

enum virtual_server_kind { SERVICE_ADDRESS, SERVICE_FWMARK, SERVICE_GROUP };

/** IPVS service flags as the kernel numbers them. */
enum service_flag {
	SERVICE_PERSISTENT = 0x1,
	SERVICE_ONE_PACKET = 0x4,
	SERVICE_SCHED1 = 0x8,
	SERVICE_SCHED2 = 0x10,
	SERVICE_SCHED3 = 0x20,
};

struct virtual_server {
	struct object object;
	struct object_list real_servers;	/* struct real_server */
	enum virtual_server_kind kind;
	struct addr addr;			/* SERVICE_ADDRESS */
	uint16_t port;				/* 0: all; persistent then */
	uint32_t fwmark;			/* SERVICE_FWMARK */
	const char *group_name;			/* SERVICE_GROUP */
	struct place group_at;
	const struct server_group *group;	/* resolved */
	uint32_t group_ordinal;			/* which of the group's services this is */
	int ip_family;		/* as written; AF_UNSPEC: not */
	int family;		/* resolved: AF_INET or AF_INET6; AF_UNSPEC: a group of both */
	int protocol;		/* IPPROTO_TCP, _UDP, _SCTP; 0 for marks */
	int scheduler;		/* index in check_schedulers; resolved */
	bool flag1, flag2, flag3;
	bool sh_port, sh_fallback, mh_port, mh_fallback;
	bool hashed;
	bool ops;
	bool inhibit, alpha, omega, ha_suspend;
	bool duplicate;		/* of an earlier one: the same kernel service; not to be run */
	enum tristate smtp_alert;		/* resolved to on or off */
	struct forward_config forward;
	uint32_t service_flags;			/* resolved: enum service_flag */
	uint32_t persistence_timeout;		/* seconds; 0: not persistent */
	struct persistence_mask {
		struct addr mask;		/* IPv4; none: host mask */
		uint8_t prefix_len;		/* IPv6; 0: host mask. Resolved: only that of the
						   family is set */
	} granularity;
	const char *persistence_engine;
	struct check_timing timing;
	uint32_t quorum, hysteresis;
	int32_t weight;
	const struct script_config *quorum_up, *quorum_down;
	const char *virtualhost;
	const char *snmp_name;
	struct sorry_server sorry;
	struct place end;			/* its closing brace */
	struct check_parts *parts;		/* private to binding */
};

/** The schedulers; the value of each is its index and its word the kernel's name. */
extern const struct enum_words check_schedulers;
#define CHECK_SCHEDULER_WLC 3
#define CHECK_SCHEDULER_SH 6
#define CHECK_SCHEDULER_MH 7
const char *check_scheduler_name(int scheduler);

/** The SSL block. */
struct ssl_config {
	struct object object;
	const char *password;
	const char *ca, *certificate, *key;	/* paths */
};

/** Everything of the checkers; the section object of the check engine. */
struct check_config {
	struct object object;
	struct object_list ssl_blocks;		/* struct ssl_config, as written */
	const struct ssl_config *ssl;		/* resolved: the last one; NULL: none */
	struct object_list groups;		/* struct server_group */
	struct object_list virtual_servers;	/* struct virtual_server */
	struct check_parts *parts;		/* private to binding */
};

extern const struct block_type check_sections;

/** Cross-checks of the whole; see the head of this file. */
void check_config_check(struct config_check *);
/** Is there a virtual server? */
bool check_config_wanted(const struct config *);

/** The section of a configuration. */
const struct check_config *check_config_of(const struct config *);
static inline const struct virtual_server *check_vs(const struct check_config *c, uint32_t i)
{
	return (const struct virtual_server *)c->virtual_servers.items[i];
}
static inline const struct real_server *check_rs(const struct virtual_server *vs, uint32_t i)
{
	return (const struct real_server *)vs->real_servers.items[i];
}
static inline const struct checker_config *check_checker(const struct real_server *rs, uint32_t i)
{
	return (const struct checker_config *)rs->checkers.items[i];
}

/** Where the checker of that server connects to. */
struct addr check_target(const struct real_server *, const struct checker_config *,
			 uint16_t *out_port);
/** "TCP_CHECK"... */
const char *checker_kind_word(enum checker_kind);

/** Display forms that logs, FIFOs and dumps use: "[192.0.2.1]:tcp:80", "FWM 5", "[G]:1". */
void check_vs_text(const struct virtual_server *, struct strbuf *out);
void check_rs_text(const struct virtual_server *, const struct real_server *,
		   struct strbuf *out);
