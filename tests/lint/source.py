# SPDX-License-Identifier: GPL-2.0-or-later
"""What the lint scripts share: find the sources, blank out comments and strings, report in TAP."""

import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDERS = ("lib", "keepalived", "genhash", "tests")

BLANK = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.S)
NOT_NEWLINE = re.compile(r"[^\n]")
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.M)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.M)


def blank(match):
    """Spaces of the same shape; a string keeps its quotes."""
    text = match.group(0)
    if text[0] in "\"'":
        return text[0] + " " * (len(text) - 2) + text[-1]
    return NOT_NEWLINE.sub(" ", text)


class Source:
    """One C file. .code is the text without comments and contents of strings, lines kept."""

    def __init__(self, path):
        self.path = path
        with open(os.path.join(ROOT, path), encoding="utf-8", newline="") as file:
            self.text = file.read()
        self.folder = os.path.dirname(path)
        self.stem, self.suffix = os.path.splitext(os.path.basename(path))
        self._code = None

    @property
    def code(self):
        if self._code is None:
            self._code = BLANK.sub(blank, self.text)
        return self._code

    def statements(self):
        """The code without preprocessor lines."""
        return DIRECTIVE.sub(lambda m: NOT_NEWLINE.sub(" ", m.group(0)), self.code)

    def includes(self):
        """(line, "<" or '"', name) of every #include."""
        return [(line_of(self.text, m.start(1)), m.group(1), m.group(2))
                for m in INCLUDE.finditer(self.text)]


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def paths(suffixes, folders=FOLDERS):
    """Paths of files with one of the suffixes, sorted, relative to the top."""
    found = []
    for folder in folders:
        for place, below, names in os.walk(os.path.join(ROOT, folder)):
            below[:] = [b for b in below if not b.startswith(".") and b != "__pycache__"]
            found += [os.path.relpath(os.path.join(place, n), ROOT)
                      for n in names if n.endswith(suffixes)]
    return sorted(found)


def sources(folders=FOLDERS):
    return [Source(p) for p in paths((".c", ".h"), folders)]


class Report:
    """Collects findings by check and prints them as TAP."""

    def __init__(self, checks):
        self.findings = {check: [] for check in checks}
        self.notes = []

    def add(self, check, path, line, text):
        self.findings[check].append(f"{path}:{line}: {text}")

    def finish(self):
        print(f"1..{len(self.findings)}")
        for number, (check, found) in enumerate(self.findings.items(), 1):
            print(f"{'not ok' if found else 'ok'} {number} - {check}")
            for text in found:
                print(f"# {text}")
        for note in self.notes:
            print(f"# {note}")
        sys.exit(1 if any(self.findings.values()) else 0)
