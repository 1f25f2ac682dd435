#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Measure this keepalived beside another one (Debian's) in the same run, as ratios.

Absolute figures belong to the machine; the ratio column is what is promised. Everything runs in
network namespaces of this process, except "processes": process events are told in the first
network namespace only. Prints a table in Markdown.
"""
import argparse
import pathlib
import signal
import sys
import tempfile

from benchlab import run
from cases_adverts import AdvertCases
from cases_takeover import TakeoverCases
from cases_text import TextCases

HERE = pathlib.Path(__file__).resolve().parent
CASES = ("config_test", "language", "failover", "lateness", "cpu_per_advert", "auth", "many",
         "memory", "takeover", "takeover_routes", "vmac", "processes", "reload")


class Bench(TextCases, AdvertCases, TakeoverCases):
    def __init__(self, ours, peer, tools):
        self.binaries = {"ours": ours, "peer": peer}
        self.tool, self.floor = tools
        self.rows = []

    def row(self, what, ours, peer, unit, promise=None, note=""):
        ratio = ours / peer if peer else float("nan")
        verdict = "" if promise is None else ("yes" if ratio <= promise else "NO")
        limit = "" if promise is None else f"<= {promise}"
        self.rows.append((what, ours, peer, unit, ratio, limit, verdict, note))
        print(f"{what}: ours {ours:.3g} {unit}, peer {peer:.3g} {unit}, ratio {ratio:.2f} {limit} "
              f"{verdict} {note}", file=sys.stderr, flush=True)

    def plain(self, what, value, unit, limit, holds, peer=None):
        self.rows.append((what, value, peer, unit, None, limit, "yes" if holds else "NO", ""))
        print(f"{what}: {value:.3g} {unit} (peer {peer}) {limit} {'yes' if holds else 'NO'}",
              file=sys.stderr, flush=True)

    def table(self):
        print("| what | ours | peer | unit | ours/peer | promised | kept | |")
        print("|---|---|---|---|---|---|---|---|")
        for what, ours, peer, unit, ratio, limit, verdict, note in self.rows:
            print(f"| {what} | {ours:.3g} | {'' if peer is None else format(peer, '.3g')} | {unit} "
                  f"| {'' if ratio is None else format(ratio, '.2f')} | {limit} | {verdict} | {note} |")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keepalived", required=True)
    options.add_argument("--peer", default="/usr/sbin/keepalived")
    options.add_argument("only", nargs="*", metavar="CASE", help=" ".join(CASES))
    args = options.parse_args()
    unknown = set(args.only) - set(CASES)
    if unknown:
        options.error(f"no such case: {' '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory() as scratch:
        tools = [pathlib.Path(scratch) / name for name in ("wiretool", "floor")]
        for tool in tools:
            run("cc", "-O2", "-static", "-D_GNU_SOURCE", "-o", str(tool),
                str(HERE / f"{tool.name}.c"))
        bench = Bench(args.keepalived, args.peer, tools)
        for name in args.only or CASES:
            getattr(bench, name)()
        bench.table()
    return 0 if all(row[6] != "NO" for row in bench.rows) else 1


if __name__ == "__main__":
    sys.exit(main())
