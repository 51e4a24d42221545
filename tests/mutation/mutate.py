#!/usr/bin/env python3
"""Changes the library wrongly, a place at a time, and sees whether a test notices.

Changes are data: tests/mutation/ROOM.toml, each with the file (below libriskmap/, or tools/), what
is wrong then, the text that is replaced, by what, and the tests that must notice: "siting" (all of
test_siting) or "siting:CoverMost.*". A change that alters nothing that anyone could see says why in
`equivalent`. All happens in a copy of the sources in build/mutation; the checkout is not touched.
Prints a line for each change that no test notices, and a table by room.

  mutate.py [--check] [--list] [ROOM[:PART OF FILE]...]
    --check  only whether each change still fits the sources
"""
import argparse
import collections
import fcntl
import filecmp
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLACE = ROOT / "build" / "mutation"
TREE = PLACE / "tree"
BUILD = PLACE / "build"
TEST_SECONDS = 240
TEST_BYTES = 8 << 30


def source_of(change):
    name = change["file"]
    return name if name.startswith("tools/") else f"libriskmap/{name}"


def read_changes(wanted):
    changes = []
    for data in sorted((ROOT / "tests/mutation").glob("*.toml")):
        room = data.stem
        parts = [w.partition(":")[2] for w in wanted if w.partition(":")[0] == room]
        if wanted and not parts:
            continue
        for change in tomllib.loads(data.read_text())["change"]:
            if wanted and not any(part in change["file"] for part in parts):
                continue
            changes.append(change | {"room": room})
    return changes


def changed(change, root):
    """The source with the change made; exits where it does not fit."""
    path = root / source_of(change)
    text = path.read_text()
    if text.count(change["from"]) != 1 or change["from"] == change["to"]:
        sys.exit(f"mutate: {change['file']}: {change['what']}: its text occurs "
                 f"{text.count(change['from'])} times; mend tests/mutation/{change['room']}.toml")
    return text.replace(change["from"], change["to"])


def copy_sources():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT,
                            check=True, capture_output=True).stdout.decode().split("\0")
    names = {name for name in listed if name and (ROOT / name).is_file()}
    for old in [p for p in TREE.rglob("*") if p.is_file()] if TREE.exists() else []:
        if str(old.relative_to(TREE)) not in names:
            old.unlink()
    for name in names:
        to = TREE / name
        if to.exists() and filecmp.cmp(ROOT / name, to, shallow=False):
            continue
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, to)


def build(targets):
    return subprocess.run(["cmake", "--build", str(BUILD), "--target", *targets],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def programs_of(change):
    return [test.partition(":")[0] for test in change["tests"]]


def limit():
    resource.setrlimit(resource.RLIMIT_AS, (TEST_BYTES, TEST_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.setsid()


def passes(test):
    program, _, tests = test.partition(":")
    words = [str(BUILD / "tests" / f"test_{program}"), "--gtest_fail_fast", "--gtest_brief=1"]
    if tests:
        words.append(f"--gtest_filter={tests}")
    run = subprocess.Popen(words, cwd=BUILD, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           preexec_fn=limit)
    try:
        out = run.communicate(timeout=TEST_SECONDS)[0]
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, 9)
        run.wait()
        return False
    if b" 0 tests from 0 test suites ran" in out:
        sys.exit(f"mutate: '{test}' names no test")
    return run.returncode == 0


def require_sound(changes):
    """Where a test fails without any change it would notice everything."""
    tests = sorted({test for change in changes for test in change["tests"]})
    made = build(sorted({f"test_{t.partition(':')[0]}" for t in tests}))
    if made.returncode != 0:
        print(made.stdout[-3000:])
        sys.exit("mutate: the sources do not build")
    for test in tests:
        if not passes(test):
            sys.exit(f"mutate: {test} fails without any change")


def main():
    words = argparse.ArgumentParser(description=__doc__,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--check", action="store_true")
    words.add_argument("--list", action="store_true")
    words.add_argument("room", nargs="*")
    options = words.parse_args()
    changes = read_changes(options.room)
    for change in changes:
        changed(change, ROOT)
    if options.check or options.list:
        for change in changes if options.list else []:
            print(f"{change['room']}: {change['file']}: {change['what']}")
        print(f"{len(changes)} changes fit the sources")
        return
    PLACE.mkdir(parents=True, exist_ok=True)
    lock = open(PLACE / "lock", "w")  # held until the end: two at a time would change one tree
    fcntl.flock(lock, fcntl.LOCK_EX)
    copy_sources()
    if not (BUILD / "build.ninja").exists():
        subprocess.run(["cmake", "-S", str(TREE), "-B", str(BUILD), "-G", "Ninja",
                        "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG"],
                       check=True, stdout=subprocess.DEVNULL)
    require_sound([c for c in changes if "equivalent" not in c])
    counts = collections.defaultdict(collections.Counter)
    start = time.monotonic()
    for number, change in enumerate(changes):
        path = TREE / source_of(change)
        if "equivalent" in change:
            outcome = "equivalent"
        else:
            whole = path.read_text()
            try:
                path.write_text(changed(change, TREE))
                made = build([f"test_{p}" for p in dict.fromkeys(programs_of(change))])
                if made.returncode != 0:
                    outcome = "does not build"
                elif all(passes(test) for test in change["tests"]):
                    outcome = "unnoticed"
                else:
                    outcome = "noticed"
            finally:
                path.write_text(whole)
        counts[change["room"]][outcome] += 1
        if outcome != "noticed":
            reason = f" ({change['equivalent']})" if outcome == "equivalent" else ""
            print(f"{outcome}: {change['file']}: {change['what']}{reason}", flush=True)
        if sys.stderr.isatty():
            print(f"\r{number + 1} of {len(changes)}, {time.monotonic() - start:.0f} s", end="",
                  file=sys.stderr)
    print(f"\n{'room':<12} changes  noticed  unnoticed  equivalent   share")
    total = sum(counts.values(), collections.Counter())
    for room, count in [*sorted(counts.items()), ("all", total)]:
        tried = count.total() - count["equivalent"]
        print(f"{room:<12} {count.total():>7}  {count['noticed']:>7}  "
              f"{tried - count['noticed']:>9}  {count['equivalent']:>10}  "
              f"{100 * count['noticed'] / max(1, tried):>5.0f} %")
    if total["does not build"]:
        sys.exit("mutate: changes that do not build prove nothing; mend them")


if __name__ == "__main__":
    main()
