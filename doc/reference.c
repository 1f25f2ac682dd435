/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keyword reference, from the keyword tables: for keepalived.conf(5), editors and programs.
 *
 *	reference mdoc|vim|json
 */
#include <stdio.h>
#include <string.h>

#include "bfd/config.h"
#include "check/config.h"
#include "config/refdoc.h"
#include "core/config_global.h"
#include "vrrp/config.h"

static const struct {
	const char *word;
	enum refdoc_format format;
} formats[] = {
	{ "mdoc", REFDOC_MDOC },
	{ "vim", REFDOC_VIM },
	{ "json", REFDOC_JSON },
};

int main(int argc, char *argv[])
{
	const struct block_type *const roots[] = { &process_config_type, &vrrp_sections,
						   &check_sections, &bfd_sections };
	struct strbuf out = { 0 };

	for (size_t i = 0; argc == 2 && i < ARRAY_LEN(formats); i++) {
		if (strcmp(argv[1], formats[i].word) == 0)
			refdoc_render(roots, ARRAY_LEN(roots), formats[i].format, &out);
	}
	if (!out.len) {
		fprintf(stderr, "usage: reference mdoc|vim|json\n");
		return 2;
	}
	fputs(strbuf_text(&out), stdout);
	strbuf_fini(&out);
	return 0;
}
