# SPDX-License-Identifier: GPL-2.0-or-later
"""Two routers that do not agree: the log and the status say why, and what to change.

The configurations differ in one thing each; the pairs run side by side.
"""
import concurrent.futures
import json
import signal

import pytest

import netlab
import routers
import solo
from routers import V2, V3, V3_UNICAST, V2_PASS, Pair

JSON = signal.SIGRTMIN + 2

# What differs, and (router, finding, words of its log).
CASES = {
    "auth-pass": (V2_PASS, ("", ("s3cret12", "another1")),
                  ("a", "refused", r"192.0.2.2 .*refused: auth_pass differs; write the same"),
                  ("b", "refused", r"192.0.2.1 .*refused: auth_pass differs; write the same")),
    "auth-type": (V2, ("", ("advert_int 1", "advert_int 1\nauthentication {\nauth_type PASS\n"
                                            "auth_pass s3cret12\n}")),
                  ("a", "refused", r"auth_type is PASS there and not used here"),
                  ("b", "refused", r"auth_type is not used there and PASS here")),
    "version": (V3, ("", ("version 3", "version 2"), ("advert_int 0.2", "advert_int 1")),
                ("a", "refused", r"version 2, and vrrp_version is 3 here; write vrrp_version 2"),
                ("b", "refused", r"version 3, and vrrp_version is 2 here; write vrrp_version 3")),
    "interval-v2": (V2, ("", ("advert_int 1", "advert_int 2")),
                    ("a", "refused", r"advert_int is 2 there and 1 here"),
                    ("b", "refused", r"advert_int is 1 there and 2 here")),
    "interval-v3": (V3, ("", ("advert_int 0.2", "advert_int 0.3")),
                    ("b", "interval", r"192.0.2.1 has advert_int 0.2, we have 0.3")),
    "addresses": (V3, ("", (routers.VIP4, routers.VIP4 + "\n192.0.2.101")),
                  ("b", "addresses", r"announces 1 addresses, we have 2.*lacks 192.0.2.101")),
    "foreign": (V3, ("", (routers.VIP4, "192.0.2.201")),
                ("b", "foreign-router", r"virtual_router_id 51 for other addresses")),
    "vrid": (V3, ("", ("virtual_router_id 51", "virtual_router_id 52")),
             ("a", "silence", r"no router was heard.*virtual_router_id 51"),
             ("b", "silence", r"no router was heard.*virtual_router_id 52")),
    # a sends to nobody that b is; b is heard and does not hear.
    "peer-missing": (V3_UNICAST, ("a", ("unicast_peer {\n192.0.2.2", "unicast_peer {\n192.0.2.9")),
                     ("a", "not-heard", r"192.0.2.2 .*write 192.0.2.2 in unicast_peer here"),
                     ("b", "silence", r"unicast_peer")),
    "not-a-peer": (V3_UNICAST, ("a", ("unicast_peer {\n192.0.2.2",
                                      "check_unicast_src\nunicast_peer {\n192.0.2.9")),
                   ("a", "refused", r"write 192.0.2.2 in unicast_peer here")),
    "cast": (V3, ("", ("advert_int 0.2", "advert_int 0.2\nunicast_src_ip 192.0.2.2\n"
                                         "unicast_peer {\n192.0.2.1\n}")),
             ("a", "silence", r"compare interface, virtual_router_id 51 and unicast_peer"),
             ("b", "silence", r"compare interface, virtual_router_id 51 and unicast_peer")),
}


def diagnosis_of(daemon):
    """The object of the JSON dump, made anew."""
    shown = json.loads(solo.dumped(daemon, JSON, "keepalived.json"))
    return (shown["vrrp"] if isinstance(shown, dict) else shown)[0]["data"]["diagnosis"]


def change(pair, changes):
    router = pair.a if changes[0] == "a" else pair.b
    for old, new in changes[1:]:
        assert old in router.config
        router.config = router.config.replace(old, new)


def observe(scratch, name):
    mode, changes, *expected = CASES[name]
    with Pair(scratch, mode) as pair:
        change(pair, changes)
        daemons = {"a": pair.a.start(), "b": pair.b.start()}
        seen = {}
        for router, finding, words in expected:
            if words is None:
                continue
            daemons[router].wait_log(r"\(VI_1\) diagnosis: .*" + words)
            seen[router] = diagnosis_of(daemons[router])
        return [(router, finding, words, seen.get(router)) for router, finding, words in expected
                if words], {n: d.text() for n, d in daemons.items()}


@pytest.fixture(scope="module")
def observed(tmp_path_factory):
    def one(name):
        try:
            return observe(tmp_path_factory.mktemp("diagnosis"), name)
        except Exception as problem:    # reported by the test
            return problem

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        return dict(zip(CASES, pool.map(one, CASES)))


@pytest.mark.parametrize("name", CASES)
def test_diagnosis(observed, name):
    if isinstance(observed[name], Exception):
        raise observed[name]
    found, texts = observed[name]
    for router, finding, _words, shown in found:
        assert shown["finding"] == finding
        assert "keepalived.conf:" in shown["text"] and shown["since"] > 0
        # once, not with every advert
        assert texts[router].count("diagnosis: " + shown["text"][:40]) == 1


def test_agreement_is_not_remarkable(tmp_path):
    """After the first router was alone for a while, a pair that agrees has nothing to say; and
    what was found is over when it has been corrected."""
    with Pair(tmp_path, V3) as pair:
        right = pair.b.config
        pair.b.config = right.replace("advert_int 0.2", "advert_int 0.3")
        pair.a.start()
        pair.a.wait_vip()
        daemon = pair.b.start()
        daemon.wait_log(r"diagnosis: 192.0.2.1 has advert_int 0.2")
        since = daemon.reload(right)
        daemon.wait_log(r"diagnosis: interval is over", since)
        deadline = netlab.deadline_in(None)
        while diagnosis_of(daemon)["finding"] != "none":    # the old page, until it is taken over
            assert netlab.time.monotonic() < deadline
        assert diagnosis_of(pair.a.daemon)["finding"] in ("none", "silence")
        pair.a.daemon.stop()
        pair.b.wait_vip()
        assert diagnosis_of(daemon)["finding"] == "none"
