/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Composition root: the table of engines linked into this build.
 */
int main(void)
{
	return 0;
}
