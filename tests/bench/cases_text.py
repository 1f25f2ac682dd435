# SPDX-License-Identifier: GPL-2.0-or-later
"""What a configuration costs: reading it, keeping it, reading it again."""
import os
import pathlib
import resource
import signal
import statistics
import subprocess
import tempfile

from benchlab import Capture, Daemon, Lab, bursts_over, config, measured, run

def children_cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class TextCases:
    def config_test(self):
        for n in (1, 1000, 4000):
            text = config(n, 100)
            with Lab(n // 250 + 1) as lab:
                path = lab.dir / "test.conf"
                path.write_text(text)
                cpu = {}
                for who, binary in self.binaries.items():
                    runs = []
                    for _ in range(7 if n < 4000 else 5):
                        before = children_cpu()
                        run("ip", "netns", "exec", lab.ns("a"), str(binary), "-t", "-f", str(path),
                            check=False)
                        runs.append(children_cpu() - before)
                    cpu[who] = statistics.median(runs) * 1000
                self.row(f"--config-test, {n} instances", cpu["ours"], cpu["peer"], "ms CPU",
                         0.2 if n == 4000 else None, "includes ip netns exec")

    def language(self):
        """The language alone: reading, binding and checking large configurations."""
        text = self.big_check()
        lines = text.count("\n")
        cpu, memory = self.test_cost(text)
        self.row("--config-test, 10 000 virtual x 10 real servers", cpu["ours"] * 1000,
                 cpu["peer"] * 1000, "ms CPU", 0.1, f"{lines} lines, "
                 f"{lines / cpu['ours'] / 1e6:.2f} million lines/s")
        self.row("the same, memory", memory["ours"], memory["peer"], "kB", 0.5)
        half, _ = self.test_cost(self.big_check(5000), ("ours",))
        growth = cpu["ours"] / half["ours"]
        self.plain("the same, twice the size costs", growth, "x", "<= 2.2", growth <= 2.2)
        text = self.plain_text()
        cpu, _ = self.test_cost(text, ("ours",))
        rate = text.count("\n") / cpu["ours"] / 1e6
        self.plain("text alone: comments, blank lines, definitions", rate, "million lines/s",
                   ">= 1", rate >= 1)
        text = config(10000, 100)
        with Lab(40) as lab:    # with its interfaces: without, complaints are what is measured
            cpu, memory = self.test_cost(text, within=("ip", "netns", "exec", lab.ns("a")))
        self.row("--config-test, 10 000 instances", cpu["ours"] * 1000, cpu["peer"] * 1000,
                 "ms CPU", 0.1, f"{text.count(chr(10)) / cpu['ours'] / 1e6:.2f} million lines/s")
        self.row("the same, memory", memory["ours"], memory["peer"], "kB", 0.5)

    @staticmethod
    def big_check(n=10000, each=10):
        lines = []
        for i in range(n):
            lines += [f"virtual_server 10.{i // 250}.{i % 250}.1 80 {{", "    delay_loop 6",
                      "    lb_algo rr", "    lb_kind NAT", "    protocol TCP"]
            for k in range(each):
                lines += [f"    real_server 10.{i // 250}.{i % 250}.{k + 2} 80 {{",
                          "        weight 1", "        TCP_CHECK {",
                          "            connect_timeout 3", "        }", "    }"]
            lines += ["}"]
        return "\n".join(lines) + "\n"

    @staticmethod
    def plain_text(n=250000):
        return "".join(f"# a comment, number {i}\n\n$NAME_{i % 1000}=value {i}\n    ! another one\n"
                       for i in range(n))

    def test_cost(self, text, who=("ours", "peer"), within=()):
        """Median CPU seconds and largest resident set in kB of -t with this configuration."""
        cpu, memory = {}, {}
        with tempfile.TemporaryDirectory() as scratch:
            path = pathlib.Path(scratch) / "big.conf"
            path.write_text(text)
            for name in who:
                runs = [[float(n) for n in
                         run(*within, str(self.tool), "cost", str(self.binaries[name]), "-t",
                             "-f", str(path)).stdout.split()] for _ in range(5)]
                cpu[name] = statistics.median(r[0] for r in runs)
                memory[name] = statistics.median(r[1] for r in runs)
        return cpu, memory

    def memory(self):
        for n in (1, 4000):
            pss = {}
            for who, binary in self.binaries.items():
                with Lab((n + 249) // 250) as lab:
                    daemon = Daemon(lab, "a", binary, config(n, 200))
                    daemon.wait_vips(n, 120)
                    bursts_over(12)         # and freed pages were given back
                    pss[who] = daemon.pss_kb()
            self.row(f"memory (PSS of all processes), {n} instances", pss["ours"], pss["peer"], "kB",
                     0.7)

    def reload(self):
        result = {}
        for who, binary in self.binaries.items():
            with Lab(4) as lab:
                master = Daemon(lab, "a", binary, config(1000, 200, "0.1"))
                master.wait_vips(1000)
                bursts_over()
                monitor = subprocess.Popen(["ip", "-n", lab.ns("a"), "monitor", "address"],
                                           stdout=subprocess.PIPE, text=True)
                capture = Capture(lab, self.tool, "b", "e3", 5)
                measured(1)
                text = master.config.read_text()
                master.config.write_text(text.replace("priority 200", "priority 201", 1))
                os.kill(master.process.pid, signal.SIGHUP)
                records = capture.records()
                monitor.terminate()
                moved = [l for l in monitor.communicate()[0].splitlines() if " 10.200." in l]
                gaps = []
                for vrid in range(1, 251):
                    times = [r[0] for r in records if r[1] == 1 and r[2] == vrid]
                    gaps += [(b - a) / 1e6 - 100 for a, b in zip(times, times[1:])]
                result[who] = max(gaps), len(moved)
        late, moved = result["ours"]
        self.plain("reload of 1000 instances with one change: latest advert", late, "ms late",
                   "< 10", late < 10, result["peer"][0])
        self.plain("reload of 1000 instances with one change: address notifications", moved, "",
                   "0", moved == 0, result["peer"][1])
