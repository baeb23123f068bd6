from tools import figures
from tools.figures import FIGURES


def test_no_two_figures_share_a_name() -> None:
    modules = [one for one in vars(figures).values() if hasattr(one, "FIGURES")]
    assert len(modules) > 7
    assert len(FIGURES) == sum(len(module.FIGURES) for module in modules)
