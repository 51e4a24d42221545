#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that the compiler vectorises every loop marked RISKMAP_VECTORISED for AVX2.

check_vectorised.py SOURCE_DIR COMPILER FLAGS...
"""
import pathlib
import re
import subprocess
import sys

MARK = "RISKMAP_VECTORISED "


def functions(text):
    """Name, first and last line of each function that bears the mark."""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if not line.startswith(MARK):
            continue
        name = re.search(r"(\w+)\(", line).group(1)
        last = next(n for n in range(number, len(lines) + 1) if lines[n - 1] == "}")
        yield name, number, last


def main(root, compiler, flags):
    faults = []
    checked = 0
    for path in sorted((root / "libriskmap").rglob("*.cpp")):
        text = path.read_text(encoding="utf-8")
        marked = list(functions(text))
        if not marked:
            continue
        report = subprocess.run(
            [compiler, "-std=c++20", "-O3", "-ffp-contract=off", "-fno-trapping-math", "-mavx2", "-fopt-info-vec-optimized",
             f"-I{root}/libriskmap/include", "-isystem/usr/include/gdal", *flags, "-c", str(path),
             "-o", "/dev/null"], capture_output=True, text=True, check=False)
        if report.returncode != 0:
            faults.append(f"{path}: does not compile:\n{report.stderr}")
            continue
        lines = [int(n) for n in re.findall(rf"{re.escape(str(path))}:(\d+):\d+: optimized: "
                                            r"(?:loop|basic block part) vectorized using 32 byte",
                                            report.stderr)]
        for name, first, last in marked:
            checked += 1
            if not any(first <= n <= last for n in lines):
                faults.append(f"{path}:{first}: {name} is not vectorised")
    if checked == 0:
        faults.append("no function bears the mark")
    print("\n".join(faults) or f"vectorised: {checked} functions")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]))
