"""Which tests of a parallel run are done by the same process."""

from xdist.scheduler import LoadScopeScheduling

# Each starts the product or loads the demonstration once, for all of its tests.
TOGETHER = (
    "tests/core/test_every_form.py",
    "tests/demo/test_demonstration.py",
    "tests/devserver/test_server.py",
    "tests/journeys/test_whole_way.py",
)


class TogetherByModule(LoadScopeScheduling):
    """Gives each module of `TOGETHER` to one process, every other test to the next that is free.

    xdist's own `--dist loadgroup` writes the group into an attribute of the test that pytest no
    longer reads since 9.2, and so spreads a group over all processes without a word.
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return module if module in TOGETHER else nodeid
