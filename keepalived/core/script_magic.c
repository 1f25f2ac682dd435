/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libmagic, loaded only for a question: the data base costs megabytes that a process which never
 * meets a file without #! should not pay.
 */
#include "core/script_magic.h"

#include <dlfcn.h>
#include <magic.h>
#include <string.h>

#include "base/library.h"

struct magic_library {
	void *handle;
	magic_t (*open)(int);
	void (*close)(magic_t);
	int (*load)(magic_t, const char *);
	const char *(*file)(magic_t, const char *);
};

static const struct library_function functions[] = {
	{ "magic_open", offsetof(struct magic_library, open) },
	{ "magic_close", offsetof(struct magic_library, close) },
	{ "magic_load", offsetof(struct magic_library, load) },
	{ "magic_file", offsetof(struct magic_library, file) },
};

static enum magic_answer ask(const struct magic_library *lib, const char *path)
{
	magic_t magic = lib->open(MAGIC_MIME_TYPE | MAGIC_SYMLINK | MAGIC_ERROR);
	enum magic_answer answer = MAGIC_UNKNOWN;
	const char *type;

	if (!magic)
		return MAGIC_UNKNOWN;
	type = lib->load(magic, NULL) ? NULL : lib->file(magic, path);
	if (type)
		answer = strstr(type, "executable") || strstr(type, "sharedlib") ? MAGIC_PROGRAM :
										    MAGIC_OTHER;
	lib->close(magic);
	return answer;
}

enum magic_answer script_magic(const char *path)
{
	struct magic_library lib = { 0 };
	enum magic_answer answer;

	lib.handle = library_load("libmagic.so.1", functions, ARRAY_LEN(functions), &lib);
	if (!lib.handle)
		return MAGIC_UNKNOWN;
	answer = ask(&lib, path);
	(void)dlclose(lib.handle);
	return answer;
}
