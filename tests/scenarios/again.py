"""Tells all stories once more while every message is delivered twice and services are killed.

`python -m tests.scenarios.again [what pytest is told]`. It is well when every story comes out as in
peace, each message did come twice, each service was killed, and every read model is what its facts
come to.
"""

import sys

import pytest

from tests.scenarios.judging import Again

if __name__ == "__main__":
    sys.exit(pytest.main(["tests/scenarios", *sys.argv[1:]], plugins=[Again()]))
