"""The names of the demo's repository."""

OWNER = "example"
REPOSITORY = "ghost-blog"
FULL_NAME = f"{OWNER}/{REPOSITORY}"
BRANCH = "main"
BOT = "example-bot"  # whose token it is

# A made-up token, given to whoever runs this. Long, as tokens may be since 2026: no length is sure.
TOKEN = "github_pat_11EXAMPLE0_" + "aExampleTokenThatNoAccountHas" * 3
