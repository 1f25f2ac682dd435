#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run tests in user-mode Linux when the running kernel lacks what they need.

The guest sees the file system of the host (hostfs, read and write), has its own /proc, /sys and
/run, one CPU and no network but what the test makes. nftables rules do not work in it. Modules
come from the package that brings the kernel and are loaded by load_modules(), without modprobe.

    from lab import needs

    @needs("vrf", "dummy")
    def test_something(lab): ...

decides by itself: natively if the kernel has the features, in the guest if not. All tests of a
pytest run that need the guest share one boot. By hand: lab.py FILE... [-k WORDS] boots the guest
and runs pytest there; lab.py --shell 'COMMAND' runs a command.
"""
import ctypes
import functools
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

HERE = pathlib.Path(__file__).resolve().parent
KERNEL = "/usr/bin/linux.uml"
MODULES = pathlib.Path("/usr/lib/uml/modules")
INSIDE = "KEEPALIVED_IN_LAB"
BOOT_TIMEOUT = 1400
LIBC = ctypes.CDLL(None, use_errno=True)

# What a feature needs of the kernel: modules of the guest, and how to see that it is there.
FEATURES = {
    "dummy": (["dummy"], "ip link add d0 type dummy"),
    "vlan": (["8021q"], "ip link add v0 type veth peer name v1 && "
                        "ip link add link v0 name v0.5 type vlan id 5"),
    "vrf": (["vrf"], "ip link add r0 type vrf table 10"),
    "bond": (["bonding"], "ip link add b0 type bond"),
    "macvlan": (["macvlan"], "ip link add v0 type veth peer name v1 && "
                             "ip link add link v0 name m0 type macvlan mode private"),
    "ipvlan": (["ipvlan"], "ip link add v0 type veth peer name v1 && "
                           "ip link add link v0 name i0 type ipvlan mode l2"),
    "ipvs": (["ip_vs", "ip_vs_rr", "ip_vs_wrr", "ip_vs_wlc", "ip_vs_lc", "ip_vs_sh", "ip_vs_mh",
              "ip_vs_sed", "ip_vs_nq"], "ipvsadm -Ln"),
    "ipset": (["ip_set", "ip_set_hash_ip", "ip_set_hash_net", "ip_set_hash_netiface", "xt_set"],
              "ipset create s0 hash:ip"),
    "iptables": (["ip_tables", "iptable_filter", "ip6_tables", "ip6table_filter"],
                 "iptables-legacy -S"),
    "nftables": ([], "nft add table ip t0 && nft add chain ip t0 c0 "
                     "'{ type filter hook input priority 0; }'"),
}
ALWAYS = ["af_packet", "ipv6", "veth", "bridge", "unix"]


@functools.lru_cache(None)
def kernel_has(feature):
    """Does the running kernel have it? Tried in a namespace that goes away."""
    if os.geteuid():
        return False
    done = subprocess.run(["unshare", "--net", "sh", "-c", FEATURES[feature][1]],
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, timeout=60)
    return done.returncode == 0


def missing(features):
    return [f for f in features if not kernel_has(f)]


def needs(*features):
    """Decorator of a test: what the kernel must have. See conftest.py for what it does."""
    import pytest
    unknown = [f for f in features if f not in FEATURES]
    if unknown:
        raise ValueError(f"no such feature: {', '.join(unknown)}")
    return pytest.mark.needs(*features)


def why_not():
    """Why there is no guest, or None."""
    if not os.access(KERNEL, os.X_OK):
        return f"{KERNEL} is not installed (package user-mode-linux)"
    if platform.machine() != "x86_64":
        return "user-mode Linux runs on x86_64 only"
    if not list(MODULES.glob("*/modules.dep")):
        return f"no kernel modules below {MODULES}"
    return None


# ---- outside ----

def boot(plan, scratch, timeout=BOOT_TIMEOUT):
    """Boot a guest that carries out @plan (a dict for guest_main) and powers off; its console."""
    scratch = pathlib.Path(scratch)
    (scratch / "plan.json").write_text(json.dumps(plan))
    init = scratch / "init"
    init.write_text("#!/bin/sh\n"
                    f"exec {shutil.which('python3', path='/usr/bin:/bin')} {HERE / 'lab.py'} "
                    f"--guest {scratch / 'plan.json'}\n")
    init.chmod(0o755)
    argv = [KERNEL, f"mem={plan.get('memory', 512)}M", "root=/dev/root", "rootfstype=hostfs", "rw",
            f"init={init}", "con=null", "con0=fd:0,fd:1", "quiet", f"umid=lab{os.getpid()}"]
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else str(scratch)
    env = dict(os.environ, TMPDIR=memory, HOME=str(scratch))
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=timeout, env=env)
    return done.stdout.decode(errors="replace")


def run_pytest(arguments, features, timeout=BOOT_TIMEOUT):
    """Run pytest in a guest. Gives ({(class, test): (outcome, text)}, console)."""
    env = {k: v for k, v in os.environ.items()
           if k.startswith(("KEEPALIVED", "ASAN", "UBSAN", "NETLAB", "PYTHON"))}
    if "KEEPALIVED_RELEASE" in env:
        # The address sanitizer's shadow does not fit into the guest's address space.
        env["KEEPALIVED"] = env["KEEPALIVED_RELEASE"]
    with tempfile.TemporaryDirectory(prefix="lab") as scratch:
        report = os.path.join(scratch, "report.xml")
        console = boot({
            "modules": sorted({m for f in features for m in FEATURES[f][0]}),
            "cwd": str(HERE.parent.parent),
            "env": env,
            "argv": [sys.executable if sys.executable.startswith("/usr/") else "/usr/bin/python3",
                     "-m", "pytest", "-p", "no:cacheprovider", "-q", "--tb=short",
                     f"--basetemp={scratch}/tmp", f"--junitxml={report}", *map(str, arguments)],
        }, scratch, timeout)
        return collect(report), console


def collect(report):
    """The results of a junit file."""
    results = {}
    if not os.path.exists(report):
        return results
    for case in xml.parse(report).getroot().iter("testcase"):
        outcome, text = "passed", ""
        for kind, name in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
            element = case.find(kind)
            if element is not None:
                outcome = name
                text = element.get("message", "") + "\n" + (element.text or "")
        for stream in ("system-out", "system-err"):
            element = case.find(stream)
            if outcome == "failed" and element is not None:
                text += "\n" + (element.text or "")
        results[case.get("classname"), case.get("name")] = outcome, text
    return results


# ---- inside ----

def load_modules(names):
    """finit_module() with what modules.dep says; a module that is built in is there already."""
    base = next(p.parent for p in sorted(MODULES.glob(f"{platform.release()}/modules.dep")))
    files, wants = {}, {}
    for line in (base / "modules.dep").read_text().splitlines():
        path, _, before = line.partition(":")
        files[pathlib.Path(path).stem.replace("-", "_")] = path
        wants[path] = before.split()
    loaded = set()
    for name in names:
        path = files.get(name.replace("-", "_"))
        for item in reversed([path] + wants[path]) if path else []:
            if item in loaded:
                continue
            loaded.add(item)
            fd = os.open(base / item, os.O_RDONLY | os.O_CLOEXEC)
            if LIBC.syscall(313, fd, b"", 0) and ctypes.get_errno() != 17:
                print(f"module {item}: {os.strerror(ctypes.get_errno())}", flush=True)
            os.close(fd)


def mount(what, where, kind):
    os.makedirs(where, exist_ok=True)
    if LIBC.mount(what.encode(), where.encode(), kind.encode(), 0, None):
        print(f"mount {where}: {os.strerror(ctypes.get_errno())}", flush=True)


def guest_main(plan_file):
    """Process 1 of the guest: prepare, run the plan, power off."""
    mount("proc", "/proc", "proc")
    mount("sys", "/sys", "sysfs")
    mount("run", "/run", "tmpfs")
    mount("shm", "/dev/shm", "tmpfs")
    plan = json.loads(pathlib.Path(plan_file).read_text())
    os.makedirs("/run/netns", exist_ok=True)
    os.makedirs("/run/lock", exist_ok=True)
    try:
        load_modules(ALWAYS + plan.get("modules", []))
        env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8",
               "TMPDIR": os.path.dirname(plan_file), "NETLAB_DEADLINE": "60",
               **plan.get("env", {}), INSIDE: "1"}
        subprocess.run(["ip", "link", "set", "lo", "up"], env=env)
        done = subprocess.run(plan["argv"], cwd=plan.get("cwd", "/"), env=env,
                              stdin=subprocess.DEVNULL)
        print(f"status {done.returncode}", flush=True)
    except Exception as problem:   # whatever happens, the guest ends
        print(f"lab: {problem!r}", flush=True)
    os.sync()
    LIBC.reboot(0x4321FEDC)


def main(arguments):
    if arguments[:1] == ["--guest"]:
        return guest_main(arguments[1])
    problem = why_not()
    if problem:
        print(problem)
        return 77
    if arguments[:1] == ["--shell"]:
        with tempfile.TemporaryDirectory(prefix="lab") as scratch:
            modules = sorted({m for f in FEATURES.values() for m in f[0]})
            print(boot({"modules": modules, "argv": ["/bin/sh", "-c", arguments[1]]}, scratch))
        return 0
    results, console = run_pytest(arguments, list(FEATURES))
    print(console)
    for i, ((where, name), (outcome, text)) in enumerate(results.items(), 1):
        skip = " # SKIP " + text.splitlines()[0] if outcome == "skipped" else ""
        print(f"{'not ok' if outcome == 'failed' else 'ok'} {i} - {where}.{name}{skip}")
    print(f"1..{len(results)}")
    return 1 if not results or any(o == "failed" for o, _ in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
