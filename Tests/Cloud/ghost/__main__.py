"""`python -m ghost serve --port N --folder F`: the blog as a process."""

from peer.birth import begin_in_nursery

begin_in_nursery("ghost")

from .serving import main  # noqa: E402, what takes long to import

main()
