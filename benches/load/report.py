"""Turns the figures of `scripts/load-test` into a record: ratios within a round, and the median round."""

import os
import platform
import statistics
import subprocess
import sys
from datetime import date

rounds, last = [], {}
for line in open(sys.argv[1]):
    parts = line.split()
    if parts[0] == "round":
        rounds.append({})
    elif parts[0] == "reload":
        last[parts[1]] = float(parts[2])
    else:
        rounds[-1][parts[0], parts[1]] = float(parts[2])


def commit():
    try:
        return subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def middle(values):
    return statistics.median(values)


def row(what, figures, value, bound, reached):
    print(f"| {what} | {figures} | {value} | {bound} | {'reached' if reached else '**missed**'} |")


hello = [(r["hello", "rate"] + r["hello2", "rate"]) / 2 for r in rounds]
single = [r["match", "rate"] / h for r, h in zip(rounds, hello)]
rows = [r["batch", "rate"] * 100 for r in rounds]
answered = [b / r["inner", "in_process_answered"] for b, r in zip(rows, rounds)]
written = [b / r["inner", "in_process_written"] for b, r in zip(rows, rounds)]
p99 = [r["paced", "p99_us"] / 1000 for r in rounds]
p50 = [r["paced", "p50_us"] / 1000 for r in rounds]
half = [r["paced", "rate"] / r["suggest", "rate"] for r in rounds]
bad = sum(value for r in rounds for (name, key), value in r.items() if key in ("non2xx", "socket"))

failed = max(last["bad"], last["non2xx"]) + last["socket"]

print(f"# HTTP under load, {date.today()}\n")
print(f"Command: `{sys.argv[2]}`; commit {commit()}; {os.cpu_count()} processors ({platform.machine()}), shared by client, service and whatever else ran; "
      f"load {os.getloadavg()[0]:.1f} at the end. {len(rounds)} rounds; the figures are of the median round, ratios are taken within a round.\n")
print("| what | figures | value | goal | |")
print("|---|---|---|---|---|")
row("single match / hello (`/healthz`), 32 connections", f"{middle([r['match', 'rate'] for r in rounds]):.0f} / {middle(hello):.0f} requests a second", f"{middle(single):.3f}", "≥ 0.125", middle(single) >= 0.125)
row("batches of 100 / in process, answered and written", f"{middle(rows):.0f} / {middle([r['inner', 'in_process_written'] for r in rounds]):.0f} titles a second", f"{middle(written):.2f}", "≥ 0.8", middle(written) >= 0.8)
row("batches of 100 / in process, answered only", f"{middle(rows):.0f} / {middle([r['inner', 'in_process_answered'] for r in rounds]):.0f} titles a second", f"{middle(answered):.2f}", "≥ 0.8", middle(answered) >= 0.8)
row("suggest, p99 end to end at half of the highest rate", f"p50 {middle(p50):.2f} ms; {middle([r['paced', 'rate'] for r in rounds]):.0f} of {middle([r['suggest', 'rate'] for r in rounds]):.0f} requests a second ({middle(half):.0%}); best round {min(p99):.2f} ms", f"{middle(p99):.2f} ms", "< 2 ms", middle(p99) < 2)
row("60 s across reloads", f"{last['generation'] - 1:.0f} reloads, {last['requests']:.0f} requests, {last['checked']:.0f} answers checked", f"{failed:.0f} failed, {last['mixed']:.0f} mixed", "0, 0", failed + last["mixed"] == 0 and last["generation"] >= 21)
row("answers other than 2xx in all rounds", "", f"{bad:.0f}", "0", bad == 0)
print("\nRound by round:\n")
print("| round | hello | match | match / hello | batch titles | batch / written in process | suggest | suggest at half, p99 ms |")
print("|---|---|---|---|---|---|---|---|")
for number, r in enumerate(rounds):
    print(f"| {number + 1} | {hello[number]:.0f} | {r['match', 'rate']:.0f} | {single[number]:.3f} | {rows[number]:.0f} | {written[number]:.2f} | {r['suggest', 'rate']:.0f} | {p99[number]:.2f} |")
