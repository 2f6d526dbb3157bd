"""`python -m github serve --port N`: the demo's GitHub as a process."""

from peer.birth import begin_in_nursery

begin_in_nursery("github")

from .serving import main  # noqa: E402, what takes long to import

main()
