# SPDX-License-Identifier: GPL-2.0-or-later
"""What adverts cost, and whether they are on time."""
import statistics
import subprocess

from benchlab import (Capture, Daemon, Lab, SECOND_BURST_SOON, bursts_over, config, measured,
                      percentile, run)

ROUNDS = 3      # of each program in turn; the median counts
SETTLED = 3     # s with SECOND_BURST_SOON

AH = "    authentication {\n        auth_type AH\n        auth_pass bench\n    }"
HMAC = ("    auth_hmac {\n        key 1 0123456789abcdef0123456789abcdef\n"
        "        active_key 1\n    }")


class AdvertCases:
    def cpu_per_advert(self):
        for n, advert_int, seconds in ((100, "1", 10), (1000, "1", 10), (4000, "1", 10),
                                       (100, "0.01", 5)):
            sent, received = {}, {}
            for who, other in (("ours", "ours"), ("peer", "peer")):
                with Lab((n + 249) // 250) as lab:
                    text = [config(n, priority, advert_int, SECOND_BURST_SOON)
                            for priority in (100, 200)]
                    backup = Daemon(lab, "b", self.binaries[other], text[0])
                    master = Daemon(lab, "a", self.binaries[who], text[1])
                    master.wait_vips(n, 120)
                    bursts_over(SETTLED)
                    count = self.adverts(lab)
                    begin = master.cpu_ns(), backup.cpu_ns()
                    measured(seconds)
                    end = master.cpu_ns(), backup.cpu_ns()
                    count = self.adverts(lab) - count
                    sent[who] = (end[0] - begin[0]) / count / 1000
                    received[who] = (end[1] - begin[1]) / count / 1000
                    expected = n * seconds / float(advert_int)
                    if who == "ours":
                        share = count / expected
            bare_send, bare_receive = self.bare()
            label = f"{n} instances at {advert_int} s"
            self.row(f"CPU per advert sent, {label}", sent["ours"], sent["peer"], "us", 0.5,
                     f"{sent['ours'] / bare_send:.1f} x a bare sendto()")
            self.row(f"CPU per advert received, {label}", received["ours"], received["peer"], "us",
                     0.5, f"{received['ours'] / bare_receive:.1f} x a bare recvmmsg()")
            if advert_int == "0.01":
                self.plain(f"adverts sent of those due, {label}", share * 100, "%", ">= 99.5",
                           share >= 0.995)

    def auth(self):
        """Adverts with authentication. The other one has no HMAC: there ours stands beside its AH.
        """
        kinds = (("AH", "ours", 2, AH), ("AH", "peer", 2, AH), ("HMAC", "ours", 3, HMAC))
        cost = {kind[:2]: ([], []) for kind in kinds}
        for _ in range(ROUNDS):
            for what, who, version, inside in kinds:
                once = self.one_auth(who, version, inside)
                for values, value in zip(cost[what, who], once):
                    values.append(value)
        for what, note in (("AH", ""), ("HMAC", ", the peer with AH")):
            for i, way in enumerate(("sent", "received")):
                self.row(f"CPU per advert {way} with {what}, 1000 instances at 1 s",
                         statistics.median(cost[what, "ours"][i]),
                         statistics.median(cost["AH", "peer"][i]), "us", 0.5,
                         f"median of {ROUNDS}{note}")

    def one_auth(self, who, version, inside):
        """us per advert sent, and received."""
        text = [config(1000, priority, extra=SECOND_BURST_SOON, version=version, inside=inside)
                for priority in (100, 200)]
        with Lab(4) as lab:
            backup = Daemon(lab, "b", self.binaries[who], text[0])
            master = Daemon(lab, "a", self.binaries[who], text[1])
            master.wait_vips(1000, 120)
            bursts_over(SETTLED)
            if backup.vip_count():
                raise RuntimeError(f"{who} does not accept adverts with authentication")
            count, begin = self.adverts(lab), (master.cpu_ns(), backup.cpu_ns())
            measured(6)
            end = master.cpu_ns(), backup.cpu_ns()
            count = self.adverts(lab) - count
            return [(b - a) / count / 1000 for a, b in zip(begin, end)]

    def many(self):
        """Four thousand instances over sixteen interfaces."""
        cpu, late = ({who: [] for who in self.binaries} for _ in range(2))
        for _ in range(ROUNDS):
            for who, binary in self.binaries.items():
                with Lab(16) as lab:
                    master = Daemon(lab, "a", binary, config(4000, 200, extra=SECOND_BURST_SOON))
                    master.wait_vips(4000, 120)
                    bursts_over(SETTLED)
                    begin = master.cpu_ns()
                    measured(6)
                    cpu[who].append((master.cpu_ns() - begin) / 6e6)
                    gaps = self.gaps_ms(Capture(lab, self.tool, "b", "any", 5).records())
                    late[who].append(max(gaps) - 1000)
        median = statistics.median
        self.row("4000 instances on 16 interfaces, steady", median(cpu["ours"]),
                 median(cpu["peer"]), "ms CPU per s", 0.4, f"median of {ROUNDS}")
        self.plain(f"the same: latest advert at 1 s, median of {ROUNDS}", median(late["ours"]),
                   "ms late", "< 100 (10 %)", median(late["ours"]) < 100, median(late["peer"]))

    @staticmethod
    def gaps_ms(records):
        """Times between adverts of one virtual router, of all of them."""
        last, gaps = {}, []
        for at, kind, vrid, _, _, source in records:
            if kind != 1:
                continue
            if (source, vrid) in last:
                gaps.append((at - last[source, vrid]) / 1e6)
            last[source, vrid] = at
        return gaps

    def adverts(self, lab):
        total = 0
        for i in range(lab.n_links):
            total += int(run("ip", "netns", "exec", lab.ns("a"), "cat",
                             f"/sys/class/net/e{i}/statistics/tx_packets").stdout)
        return total

    def bare(self):
        with Lab(1) as lab:
            receiver = subprocess.Popen(["ip", "netns", "exec", lab.ns("b"), str(self.tool),
                                         "bare-receive", "e0", "3"], stdout=subprocess.PIPE,
                                        text=True)
            receiver.stdout.readline()      # it listens
            send = run("ip", "netns", "exec", lab.ns("a"), str(self.tool), "bare-send", "e0",
                       "200000").stdout
            return float(send) / 1000, float(receiver.communicate()[0].split()[0]) / 1000

    def lateness(self):
        for who in ("ours", "peer"):
            with Lab(1) as lab:
                master = Daemon(lab, "a", self.binaries[who],
                                config(100, 200, "0.01", SECOND_BURST_SOON))
                master.wait_vips(100)
                bursts_over(SETTLED)
                records = Capture(lab, self.tool, "b", "e0", 5).records()
            late = []
            for vrid in range(1, 101):
                times = [r[0] for r in records if r[1] == 1 and r[2] == vrid]
                late += [(b - a) / 1e6 - 10 for a, b in zip(times, times[1:])]
            p99 = percentile(late, 99)
            if who == "ours":
                ours = p99
            else:
                self.plain("advert late at 10 ms, 100 instances, p99", ours, "ms", "<= 1", ours <= 1,
                           p99)
