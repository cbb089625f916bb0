"""Figures and sentences of the regression and the index say what the tables say, and turn when these turn."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.compute.list_prices import figures, remarks
from analysis.compute.list_prices import hedonic as he
from analysis.compute.list_prices import index as ix
from analysis.engine.claims import load_claims
from analysis.engine.inference.clustered import Inference
from analysis.engine.words.figures import to_svg
from tests.compute.planted import listed_prices

DAYS = ("2024-01-15", "2024-02-15", "2025-03-15")
TITLES = {"aws": "AWS", "gcp": "Google Cloud"}


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ").replace("−", "-")


def inference(discount: float, low: float, high: float, **more) -> Inference:
    ends = [
        float(np.log1p(-x / 100)) if np.isfinite(x) and x < 100 else np.inf * (1 if x < 0 else -1) for x in (high, low)
    ]
    told = {"degrees": 5.0, "p_value": 0.2, "draws": 20, "exact": True, "smallest_p": 0.1} | more
    return Inference(float(np.log1p(-discount / 100)), 0.0, low=ends[0], high=ends[1], **told)


def comparison(kind: str, reference: str, discount: float, low: float, high: float) -> he.Discount:
    bounded, unbounded = inference(discount, low, high), inference(discount, -np.inf, 100.0)
    return he.Discount(kind, reference, discount, bounded, bounded, unbounded, bounded, 3, 4, 30)


@pytest.fixture
def found() -> he.Hedonic:
    discounts = (
        comparison("network", "hyperscaler", 50.0, 20.0, 70.0),
        comparison("marketplace", "hyperscaler", 60.0, 30.0, 75.0),
        comparison("specialist", "hyperscaler", 50.0, 30.0, 65.0),
        comparison("network", "specialist", 0.5, -40.0, 30.0),
        comparison("marketplace", "specialist", 20.0, 5.0, 40.0),
    )
    return he.Hedonic(discounts, 33, 60, 1721)


@pytest.fixture(scope="module")
def listed() -> tuple:
    prices = listed_prices({"aws": dict(zip(DAYS, (1, 1, 0.5), strict=True)), "gcp": dict.fromkeys(DAYS, 1.0)})
    index = ix.price_index(prices)
    return ix.Levels(index, index, ix.by_provider(prices)), ix.joint_steps(ix.price_steps(prices))


# --- figures ---------------------------------------------------------------------------------------------------------


def test_coefficients_are_drawn_and_told(found):
    table, claim = he.three_intervals(found), load_claims()["C2"]
    drawn = figures.coefficients_figure(table, claim=claim)
    fig, alt = drawn.figure, plain(drawn.alt)
    top, bottom = fig.axes
    marks = sorted(float(line.get_xdata()[0]) for line in top.lines if line.get_marker() in ("o", "s", "D"))
    assert marks == pytest.approx([50.0] * 6 + [60.0] * 3)
    labels = [plain(t.get_text()) for t in bottom.get_yticklabels()]
    assert labels == ["3 networks\nto 4 specialists", "3 marketplaces\nto 4 specialists"]
    assert sum(line.get_marker() == "<" for line in top.lines) == 3  # intervals without end
    assert "3 networks to 4 hyperscalers 50 % (CR2 20 to 70 %" in alt
    assert "randomisation without end to 100 %" in alt
    assert "50 to 80 %" in alt
    assert to_svg(fig, name="coefficients", alt=alt).startswith("<svg")


def test_index_is_drawn_and_told(listed):
    drawn = figures.index_figure(*listed, titles=TITLES)
    fig, alt = drawn.figure, plain(drawn.alt)
    top, bottom = fig.axes
    assert [len(line.get_xdata()) for line in top.lines][:4] == [3, 3, 3, 3]
    assert {plain(t.get_text()) for t in bottom.texts} == {
        f"AWS {gpu} -50 %" for gpu in ("A100-80GB", "H100-80GB", "L4-24GB")
    }
    assert "2024-01 is 100" in alt
    assert "two sources" not in alt
    unlike = figures.index_figure(listed[0], listed[1].assign(same_source=False), titles=TITLES).figure
    assert all("(two sources)" in text.get_text() for text in unlike.axes[1].texts)
    assert "AWS 50; Google Cloud 100" in alt
    assert "AWS H100-80GB -50 % between 2024-02-15 and 2025-03-15" in alt
    assert to_svg(fig, name="index", alt=alt).startswith("<svg")


# --- sentences -------------------------------------------------------------------------------------------------------


def test_discounts_are_told(found):
    text = plain(remarks.discounts_remark(found))
    assert "networks ask 50 % less (20 to 70 %); marketplaces ask 60 % less (30 to 75 %)" in text
    assert "1 721 prices of 60 machines from 33 providers" in text


def test_what_is_left_of_the_discount_is_told_by_its_interval(found):
    text = plain(remarks.decentralisation_remark(found))
    assert "networks ask 0 % less (-40 to 30 %): no difference is shown" in text
    assert "marketplaces ask 20 % less (5 to 40 %): the difference is shown" in text
    assert "Specialist clouds give 100 % of the networks' discount" in text
    dearer = (*found.discounts[:2], comparison("specialist", "hyperscaler", -5.0, -20.0, 5.0), *found.discounts[3:])
    changed = he.Hedonic(dearer, 33, 60, 1721)
    assert "Specialist clouds give" not in plain(remarks.decentralisation_remark(changed))
    with pytest.raises(ValueError, match="no comparison of maker to hyperscaler"):
        remarks.discount_of(found, "maker")


def test_randomisation_is_told_to_be_powerless_only_where_it_is(found):
    assert "no p value below 0.1" in plain(remarks.randomisation_remark(found))
    able = inference(50.0, 20.0, 70.0, smallest_p=0.001, p_value=0.004, draws=900)
    first = found.discounts[0]
    changed = he.Discount("network", "hyperscaler", 50.0, first.cr2, first.wild, able, first.randomised_all, 3, 4, 30)
    text = plain(remarks.randomisation_remark(he.Hedonic((changed,), 33, 60, 1721)))
    assert "leave 900 ways to hand the two labels out; the p value by randomisation is 0.004." in text


def test_size_is_told_with_what_is_off_and_of_which_design():
    labels = pd.Series(["network"] * 3 + ["hyperscaler"] * 4)
    design = {"level": 0.05, "providers": 3, "references": 4, "all_providers": 7, "rows": 30, "simulations": 1000}
    told = {"provider_type": "network", "reference": "hyperscaler", "spread": 1.0} | design
    rates = pd.DataFrame({"test": ["crv1", "cr2", "bootstrap-t"], "rejected": [0.2, 0.05, 0.01]}).assign(**told)
    text = plain(remarks.size_remark(rates, labels, 30))
    assert "crv1 20 % (too often), cr2 5 %, bootstrap-t 1 % (too seldom)" in text
    assert "other numbers" not in text
    assert "other numbers of providers or rows" in remarks.size_remark(rates, labels, 31)


def test_variants_are_told():
    table = pd.DataFrame(
        {
            "variant": ["primary", "other", "third"], "provider_type": "network", "discount_pct": [40.0, 20.0, 70.0],
            "low_pct": [10.0, -5.0, np.nan], "high_pct": [60.0, 50.0, np.nan], "providers": [3, 2, 1],
        }
    )  # fmt: skip
    text = plain(remarks.variants_remark(table))
    assert (
        "Over 3 variants the discount of networks runs from 20 % (other, 2 providers) to 70 % (third, 1 provider)"
        in text
    )
    assert "In 1 of the 2 with more than one provider" in text


def test_index_and_steps_are_told(listed):
    text = plain(remarks.index_remark(listed[0], titles=TITLES))
    assert "From 2024-01 to 2025-03" in text
    assert "AWS -50 %; Google Cloud 0 %" in text
    steps = pd.DataFrame(
        [
            SimpleNamespace(provider="aws", instance="p5", observations=9, change_pct=-44.0).__dict__
            | {"last_old_on": pd.Timestamp("2025-04-28"), "first_new_on": pd.Timestamp("2025-06-23")},
            {"provider": "gcp", "instance": "a3", "observations": 7, "change_pct": np.nan},
        ]
    ).assign(first_on=pd.Timestamp("2024-01-01"), last_on=pd.Timestamp("2026-01-01"))
    told = plain(remarks.class_remark(steps, titles=TITLES))
    assert "Moved: AWS p5 by -44 %, after 28 Apr 2025 and by 23 Jun 2025." in told
    assert "Never moved in any region: Google Cloud a3 (7 observations from 1 Jan 2024 to 1 Jan 2026)." in told
    assert plain(remarks.class_remark(steps.iloc[1:], titles=TITLES)).startswith("None moved.")
