"""What the engine's rooms hand on cannot be changed, and takes no field that it does not declare."""

from dataclasses import FrozenInstanceError, is_dataclass
from importlib import import_module

import pytest
from pydantic import ValidationError

from analysis.engine.claims import Asserted, Evidence, Support

MODULES = (
    "claims.claims",
    "claims.coverage",
    "claims.findings",
    "claims.judge",
    "multiverse.explore",
    "multiverse.question",
)
RECORDS = [
    thing
    for module in (import_module(f"analysis.engine.{name}") for name in MODULES)
    for thing in vars(module).values()
    if isinstance(thing, type) and is_dataclass(thing) and thing.__module__ == module.__name__
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_a_record_is_frozen_and_has_no_room_for_more(record):
    assert record.__dataclass_params__.frozen
    assert "__dict__" not in dir(record)


def test_every_record_is_there():
    assert {record.__name__ for record in RECORDS} >= {
        "Asserted", "Certainty", "Claim", "Coverage", "Curve", "Estimate", "Evidence", "Factor", "Finding", "Inherited",
        "Multiverse", "Option", "Place", "PublicationBias", "Question", "Rule", "Sentence", "Support", "System",
        "Verdict",
    }  # fmt: skip


def test_a_record_that_is_checked_refuses_what_it_does_not_declare():
    support = Support(0.5, 0.0, 1.0)
    with pytest.raises(FrozenInstanceError):
        support.balanced = 1.0
    with pytest.raises(ValidationError, match="unexpected_keyword_argument"):
        Asserted(form="none", words="w", colour="red")
    for shares in ((1.5, 0.0, 1.0), (0.5, -0.1, 1.0), (0.5, 0.0, 1.1)):
        with pytest.raises(ValidationError):
            Support(*shares)
    with pytest.raises(ValidationError, match="'supports', 'contradicts' or 'neutral'"):
        Evidence("seen", "against", "s")
