"""Which tests of a parallel run are done by the same process."""

from xdist.scheduler import LoadScopeScheduling

# By what each group starts or loads once, for all of its tests.
TOGETHER = {
    "tests/core/test_every_form.py": "forms",
    "tests/core/test_whatever_is_answered.py": "forms",
    "tests/core/test_whatever_is_sent.py": "forms",
    "tests/demo/test_demonstration.py": "demonstration",
    "tests/devserver/test_server.py": "server",
    "tests/journeys/test_whole_way.py": "whole way",
}


class TogetherByModule(LoadScopeScheduling):
    """Gives the modules of a group of `TOGETHER` to one process, every other test to the next that
    is free.

    xdist's own `--dist loadgroup` writes the group into an attribute of the test that pytest no
    longer reads since 9.2, and so spreads a group over all processes without a word.
    """

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER.get(nodeid.partition("::")[0], nodeid)
