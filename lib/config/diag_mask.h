/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside diagnostics: which columns of which lines an excerpt must not show.
 */
#pragma once

#include "config/map.h"

struct diag_masks;

/** What hides the texts at @hidden wherever they can be seen: where they stand, in lines that
 *  substitution made, and in definitions that they came from. Free with diag_masks_free(). */
struct diag_masks *diag_masks_new(const struct source_map *, const struct place *hidden, size_t n);
/** The same for all that these diagnostics hide. */
struct diag_masks *diags_masks(const struct diags *, const struct source_map *);
void diag_masks_free(struct diag_masks *);
/** Put stars over what is hidden in @text, the text of line @line of the map. */
void diag_mask_line(const struct diag_masks *, uint32_t line, char *text);
