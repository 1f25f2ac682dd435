/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Give freed memory back to the system after something large: a dump, a reload.
 */
#pragma once

void memory_trim(void);
