/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between process.c, which receives messages, and run.c, which knows whose they are.
 */
#pragma once

#include "core/process.h"

void run_on_phase(struct engine_run *, const struct ipc_run_phase *, ktime now);
void run_on_done(struct engine_run *, const struct ipc_run_done *, ktime now);
/** Report those that could not be asked for. */
void run_report_lost(struct engine_run *, ktime now);
/** The supervisor is gone: all running ones are lost. */
void run_lose_all(struct engine_run *);
