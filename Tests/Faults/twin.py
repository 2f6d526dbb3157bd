"""Asks docs/audit-verify.py about many databases: a path a line comes in, `status sentence` a line
goes out."""

import importlib.util
import pathlib
import sys

VERIFIER = pathlib.Path(__file__).resolve().parents[2] / "docs" / "audit-verify.py"

sys.path.insert(0, str(VERIFIER.parent))
spec = importlib.util.spec_from_file_location("audit_verify", VERIFIER)
verifier = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verifier)

if __name__ == "__main__":
    for path in sys.stdin:
        status, sentence = verifier.main([path.rstrip("\n")])
        print(status, sentence, flush=True)
