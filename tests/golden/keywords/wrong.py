# SPDX-License-Identifier: GPL-2.0-or-later
"""Wrong values for a keyword, by its type: out of range, malformed, missing, too many."""
import re

# Words that no value of the type may be.
MALFORMED = {
    "number": ["12x", "1.5", "x"],
    "number (0x.. and 0.. allowed)": ["0x", "12x", "1.5"],
    "time": ["5s", "1.2.3", "x"],
    "number of seconds": ["5s", "x"],
    "whole seconds": ["5s", "1.5"],
    "seconds": ["5s", "x"],
    "interval": ["5s", "x"],
    "weight": ["x", "1.5", "12x"],
    "true or false": ["maybe", "TRUE", "1"],
    "address": ["192.0.2.256", "a.b"],
    "IP address": ["192.0.2.256", "a.b"],
    "IPv4 multicast address": ["192.0.2.1", "ff02::12", "x"],
    "IPv6 multicast address": ["2001:db8::1", "224.0.0.18", "x"],
    "gateway": ["192.0.2.256", "x"],
    "interface name": ["a_very_long_name_", "a/b"],
    "name or number": ["no_such_name"],
    "scope": ["no_such_name", "256"],
    "label": ["label_that_is_long"],
    "lifetime": ["-1", "x"],
    "broadcast address": ["x", "192.0.2.256"],
    "range": ["x", "5-x", "9-1"],
    "IP protocol": ["no_such_name", "256"],
    "firewall mark": ["x", "1/", "0x"],
    "realms": ["no_such", "65536"],
    "preference": ["best", "256"],
    "state": ["INIT", "master"],
    "digest": ["xyz", "5d41402abc4b2a76b9719d911017c59"],
    "status codes": ["99", "600", "200-x", "x"],
    "HTTP status": ["99", "600", "x"],
    "hexadecimal data": ["0g"],
    "mask": ["x", "255.0.0.256"],
    "domain name": ["a..b"],
    "umask": ["999", "IXXX", "x"],
    "list of CPUs": ["x", "-1"],
    "buffer policy": ["x", "-1"],
    "forwarding method": ["nat", "x"],
    "server address": ["x", "192.0.2.256"],
    "destination": ["192.0.2.0/33", "x"],
    "initial value": ["x"],
}
# Types whose words all belong to them.
GREEDY = {"command", "list of words", "list of CPUs", "status codes", "hexadecimal data", "options",
          "nexthop", "tunnel", "text", "block", "record", "block of words"}


# Further words of these are ignored without a word, as ever.
IGNORES_MORE = {"linkbeat_use_polling", "v3_checksum_as_v2", "init_fail", "full_command", "user",
                "regex", "notify_fifo", "vrrp_notify_fifo", "lvs_notify_fifo"}


def bounds(row):
    """Words below and above the range, if it has one."""
    if "min" not in row or row["type"] == "name":
        return []
    if row["type"] == "weight":
        return [str(row["max"] + 1), str(-row["max"] - 1)]
    low, high = row["min"], row["max"]
    step = 1 if isinstance(low, int) and isinstance(high, int) else 0.001
    return [f"{low - step:.10g}" if step != 1 else str(low - 1), str(high + 1)]


def words_of(text):
    """(word, offset) of each word on the first line, quotes grouping."""
    return [(m.group(), m.start()) for m in re.finditer(r'"[^"]*"|[^\s"]+', text.split("\n")[0])]


def mutants(row, example):
    """(what, text, offset of the complaint, its length, statement) for each wrong form.

    Length 0: the place behind the last word. The example must hold the keyword."""
    words = words_of(example)
    index = [word for word, _ in words].index(row["word"])
    out = []
    if index + 1 < len(words):
        value, at = words[index + 1]
        if value == "lock":
            value, at = words[index + 2]
        for bad in MALFORMED.get(row["type"], []) + bounds(row):
            text = example[:at] + bad + example[at + len(value):]
            # Of an address with a wrong prefix length only that is wrong.
            part = bad.find("/") if bad.endswith("/33") else 0
            out.append((f"{row['word']} {bad}", text, at + part, len(bad) - part))
    if index:
        return out      # an option of a record: what is missing or superfluous is another option
    if row.get("arguments") and "optional-argument" not in row.get("flags", ()) and \
            not row["arguments"].startswith("[") and row["type"] not in ("block", "block of words"):
        out.append((f"{row['word']} without a value", row["word"], 0, len(row["word"])))
    optional = row.get("arguments", "").startswith("[") and len(words) == 1
    if row["type"] not in GREEDY and row["word"] not in IGNORES_MORE and not optional \
            and "\n" not in example and "{" not in example:
        out.append((f"{example} surplus", example + " surplus", len(example) + 1, 7))
    return out
