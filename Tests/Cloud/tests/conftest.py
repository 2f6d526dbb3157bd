"""One cloud for all tests, fresh for each."""

import pytest
from cloud import process


@pytest.fixture(scope="session")
def running():
    """The cloud as the demo runs it, but that its clock stands still until it is advanced."""
    with process.running(scale=0) as cloud:
        yield cloud


@pytest.fixture
def cloud(running):
    running.post("reset")
    return running
