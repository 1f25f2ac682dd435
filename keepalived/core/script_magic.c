/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libmagic, loaded only for a question: the data base costs megabytes that a process which never
 * meets a file without #! should not pay.
 */
#include "core/script_magic.h"

#include <dlfcn.h>
#include <magic.h>
#include <string.h>

struct magic_library {
	void *handle;
	magic_t (*open)(int);
	void (*close)(magic_t);
	int (*load)(magic_t, const char *);
	const char *(*file)(magic_t, const char *);
};

/* dlsym() gives an object pointer where a function pointer is meant; POSIX allows it. */
#define SYMBOL(lib, member, name) \
	(*(void **)(void *)&(lib)->member = dlsym((lib)->handle, (name)))

static bool library_open(struct magic_library *lib)
{
	lib->handle = dlopen("libmagic.so.1", RTLD_LAZY | RTLD_LOCAL);
	return lib->handle && SYMBOL(lib, open, "magic_open") &&
	       SYMBOL(lib, close, "magic_close") && SYMBOL(lib, load, "magic_load") &&
	       SYMBOL(lib, file, "magic_file");
}

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
	enum magic_answer answer = MAGIC_UNKNOWN;

	if (library_open(&lib))
		answer = ask(&lib, path);
	if (lib.handle)
		dlclose(lib.handle);
	return answer;
}
