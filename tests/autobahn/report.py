"""Reads Autobahn's report: prints a line for what is wrong and one with the counts.

Compression (12, 13) may be unimplemented: no extension is ever agreed on. Everything else has to
be OK, or NON-STRICT (right in the end, but later than possible), or merely INFORMATIONAL.
"""
import collections
import json
import sys

GOOD = ("OK", "NON-STRICT", "INFORMATIONAL")
COMPRESSION = ("12.", "13.")


def is_good(case, behaviour):
    may_lack = case.startswith(COMPRESSION)
    return behaviour in GOOD or (may_lack and behaviour == "UNIMPLEMENTED")


def main(path):
    with open(path) as report:
        cases = json.load(report)["starling"]
    counts = collections.Counter()
    wrong = 0
    for case, result in sorted(cases.items()):
        counts[result["behavior"]] += 1
        for what in ("behavior", "behaviorClose"):
            if not is_good(case, result[what]):
                wrong += 1
                print("case %s: %s is %s" % (case, what, result[what]))
        if result["behavior"] == "NON-STRICT":
            print("case %s: NON-STRICT" % case)
    told = ", ".join("%d %s" % (count, name) for name, count in sorted(counts.items()))
    print("autobahn: %d cases: %s; %d wrong" % (len(cases), told, wrong))
    return 1 if wrong or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
