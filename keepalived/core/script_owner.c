/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * User and group names of scripts and FIFOs to numbers, by the system's user data base.
 */
#include "core/script_owner.h"

#include <grp.h>
#include <pwd.h>

#include "base/str.h"
#include "core/script.h"

#define ENTRY_MAX (64 * 1024)	/* bytes of one passwd or group entry */
#define GROUPS_MAX 1024

static bool find_user(const char *name, struct arena *arena, struct passwd *out)
{
	char *buf = arena_text(arena, ENTRY_MAX);
	struct passwd *found = NULL;

	return !getpwnam_r(name, out, buf, ENTRY_MAX, &found) && found;
}

static bool find_group(const char *name, struct arena *scratch, gid_t *out)
{
	char *buf = arena_text(scratch, ENTRY_MAX);
	struct group group, *found = NULL;

	if (getgrnam_r(name, &group, buf, ENTRY_MAX, &found) || !found)
		return false;
	*out = group.gr_gid;
	return true;
}

static void find_groups(const char *user, struct script_ids *ids, struct arena *arena)
{
	int n = GROUPS_MAX;
	gid_t *groups = arena_calloc(arena, (size_t)n, sizeof(*groups));

	if (getgrouplist(user, ids->gid, groups, &n) < 0)
		n = GROUPS_MAX;
	ids->groups = groups;
	ids->n_groups = (uint32_t)n;
}

enum owner_result script_owner_find(const struct script_owner *owner, bool all_groups,
				    struct arena *arena, struct script_ids *out)
{
	const char *group = owner->group;
	struct arena *scratch = arena_new();
	enum owner_result result = OWNER_OK;
	struct script_ids ids = { 0 };
	struct passwd user;

	if (group && group[0] == ':') {
		all_groups = true;
		group++;
	}
	if (!find_user(owner->user, scratch, &user)) {
		result = OWNER_NO_USER;
	} else {
		ids.uid = user.pw_uid;
		ids.gid = user.pw_gid;
		if (group && group[0] && !find_group(group, scratch, &ids.gid))
			result = OWNER_NO_GROUP;
		else if (all_groups)
			find_groups(owner->user, &ids, arena);
	}
	arena_free(scratch);
	if (result == OWNER_OK)
		*out = ids;
	return result;
}

bool script_owner_ids(const struct script_owner *owner, uid_t *out_uid, gid_t *out_gid,
		      const char **out_why)
{
	struct arena *scratch = arena_new();
	struct script_ids ids;
	enum owner_result result = script_owner_find(owner, false, scratch, &ids);

	arena_free(scratch);
	if (result == OWNER_OK) {
		*out_uid = ids.uid;
		*out_gid = ids.gid;
		return true;
	}
	if (out_why)
		*out_why = result == OWNER_NO_USER ? "no such user" : "no such group";
	return false;
}

const char *script_user_name(uid_t uid, struct arena *arena)
{
	struct arena *scratch = arena_new();
	char *buf = arena_text(scratch, ENTRY_MAX);
	struct passwd user, *found = NULL;
	const char *name;

	if (!getpwuid_r(uid, &user, buf, ENTRY_MAX, &found) && found)
		name = arena_strdup(arena, user.pw_name);
	else
		name = arena_printf(arena, "uid %u", (unsigned)uid);
	arena_free(scratch);
	return name;
}
