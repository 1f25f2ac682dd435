/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The BFD engine: the one symbol that the composition root needs.
 */
#pragma once

#include "core/engine.h"

extern const struct engine bfd_engine;
