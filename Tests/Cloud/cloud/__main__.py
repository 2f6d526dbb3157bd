"""`python -m cloud serve --port N`: the demo cloud as a process."""

from peer.birth import begin_in_nursery

begin_in_nursery("cloud")

from .serving import main  # noqa: E402, what takes long to import

main()
