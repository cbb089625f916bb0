"""Claim V4: proofs of neural-network inference that hide the weights, by EZKL and by Modulus Labs."""

from collections.abc import Callable, Iterator, Mapping
from typing import Literal

import numpy as np
import pandas as pd

from analysis.engine.claims import Bearing, Claim, Evidence, Finding
from analysis.engine.multiverse import SETTLED, Question, meaning, verdict_of
from analysis.engine.words.formats import day, many, period
from analysis.tables.proving import ZkProofs, ZkPublished
from analysis.verifiable_ai.published.literature import last_days

Basis = Literal["measurement", "secondary"]

EZKL, MODULUS = "EZKL", "Modulus Labs"
#: How the ids of sources by Modulus Labs begin.
MODULUS_SOURCES = "modulus_"
#: How weights that the verifier does not see enter a proof of ours, and what binds the proof to them.
HIDDEN = {
    "private": "nothing binds the proof to these weights, since one key serves all weights of the shape",
    "committed": "a commitment in the proof binds it to these weights",
    "hashed": "their public hash binds the proof to these weights",
}
#: Whether weights that anybody may know suffice, and from how many parameters a network is not tiny, by V4's options.
PUBLIC_SUFFICES = {"hidden": False, "public suffice": True}
LEAST_PARAMS = {"any size": 0, "at least one million parameters": 1_000_000}
#: What a published result bears, by whether it says that tampering was refused.
REFUSED: Mapping[str, Bearing] = {"yes": "supports", "no": "contradicts", "not stated": "neutral"}
#: From whether the weights were hidden and from the number of parameters to whether a proof counts.
Counts = Callable[[bool, float], bool]


def evidence(
    claim: Claim,
    zk_proofs: ZkProofs,
    zk_published: ZkPublished,
    *,
    public_suffices: bool = False,
    least_params: int = 0,
) -> tuple[Evidence, ...]:
    """Every observation on V4, with its bearing by the claim's definition.

    Parameters
    ----------
    claim : Claim
        V4, for its date.
    public_suffices : bool
        Whether a proof with weights that anybody may know counts too.
    least_params : int
        Smaller networks are neutral.

    Returns
    -------
    tuple of Evidence
        One row a network that we proved with hidden weights, and one for all others of ours; then one a published
        result of Modulus Labs, or with EZKL where the source says something of the weights.

    Notes
    -----
    A row supports its part if the weights were hidden, the proof was accepted, and a proof or an output that had been
    altered was refused. It contradicts the part if a proof was accepted for a wrong output. Everything else is neutral:
    above all a result whose source does not say that the weights were hidden, or that anything was refused. Weights are
    hidden by the proof system, to which they are a private input. That the proof is bound to them is more than the
    claim asks; each statement says whether it is. What is published counts from the last day that its date allows.
    """

    def counts(hidden: bool, params: float) -> bool:
        return (hidden or public_suffices) and (least_params == 0 or params >= least_params)

    return (*_measured(zk_proofs, counts), *_published(claim, zk_published, counts))


def _measured(zk_proofs: ZkProofs, counts: Counts) -> Iterator[Evidence]:
    known = []
    for (_, weights), some in zk_proofs.groupby(["model", "weights"]):
        counted = counts(weights in HIDDEN, some["params"].iloc[0])
        if weights in HIDDEN or counted:
            yield _row(some, bearing=_bearing(some) if counted else "neutral")
        else:
            known.append(some)
    if known:
        yield _row(pd.concat(known), bearing="neutral")


def _refused(proofs: pd.DataFrame, what: str) -> pd.Series:
    return proofs["verified"] & (proofs[f"tampered_{what}_rejected"] == "yes")


def _wrong(proofs: pd.DataFrame) -> pd.Series:
    return proofs["verified"] & (proofs["tampered_output_rejected"] == "no")


def _bearing(proofs: pd.DataFrame) -> str:
    if _wrong(proofs).any():
        return "contradicts"
    return "supports" if (_refused(proofs, "proof") | _refused(proofs, "output")).any() else "neutral"


def _row(proofs: pd.DataFrame, *, bearing: str) -> Evidence:
    models, last = proofs["model"].unique(), proofs.sort_values("measured_at", kind="stable").iloc[-1]
    one = f"{models[0]} ({many(int(last['params']), 'parameter')})"
    what = one if len(models) == 1 else many(len(models), "network")
    binding = f"; {HIDDEN[last['weights']]}" if last["weights"] in HIDDEN else ""
    proof, output = (int(_refused(proofs, altered).sum()) for altered in ("proof", "output"))
    wrong = int(_wrong(proofs).sum())
    return Evidence(
        statement=(
            f"we proved {what} with {last['weights']} weights {many(len(proofs), 'time')}: "
            f"{int(proofs['verified'].sum())} accepted, altered proof refused in {proof}, "
            f"altered output refused in {output}" + (f", altered output accepted in {wrong}" if wrong else "") + binding
        ),
        bearing=bearing,
        source_id=last["source_id"],
        observed_on=pd.Timestamp(last["measured_at"]).date(),
        part=EZKL,
    )


def _published(claim: Claim, zk_published: ZkPublished, counts: Counts) -> Iterator[Evidence]:
    table = of_named_projects(zk_published.assign(last_day=last_days(zk_published)))
    says = (table["project"] == MODULUS) | (table["hides_weights"] != "not stated")
    for row in table[says].sort_values(["project", "published_on"], ascending=[False, True]).to_dict("records"):
        proved_in_time = np.isfinite(row["prove_s"]) and row["last_day"].date() <= claim.as_of
        counted = proved_in_time and counts(row["hides_weights"] == "yes", row["params"])
        published = period(row["published_on"], row["last_day"])
        yield Evidence(
            statement=(
                f"{row['system']}, {row['model']}, {published}: "
                f"weights hidden: {row['hides_weights']}; tampering refused: {row['tampering_refused']}"
                + (f"; {row['remark']}" if row["remark"] else "")
            ),
            bearing=REFUSED[row["tampering_refused"]] if counted else "neutral",
            source_id=row["source_id"],
            observed_on=row["published_on"].date(),
            vendor=row["by"] != "others",
            part=row["project"],
        )


def by_weights(zk_proofs: ZkProofs) -> pd.DataFrame:
    """Our proofs by how the weights entered, as counts: what the rows of evidence on EZKL add up to.

    Returns
    -------
    DataFrame, one row a kind of weights, hidden ones first
        `weights`, `networks`, `params_low`, `params_high`, `proofs`, `accepted`, `proof_refused`, `output_refused`
        (how many altered proofs and altered outputs).

    Examples
    --------
    >>> from analysis.engine.data.tables import load
    >>> by_weights(load("zk_proofs"))["weights"].tolist()
    ['private', 'committed', 'hashed', 'fixed']
    """
    proofs = zk_proofs.assign(proof_refused=_refused(zk_proofs, "proof"), output_refused=_refused(zk_proofs, "output"))
    found = proofs.groupby("weights").agg(
        networks=("model", "nunique"),
        params_low=("params", "min"),
        params_high=("params", "max"),
        proofs=("model", "size"),
        accepted=("verified", "sum"),
        proof_refused=("proof_refused", "sum"),
        output_refused=("output_refused", "sum"),
    )
    return found.reindex([*HIDDEN, "fixed"]).dropna(how="all").astype(found.dtypes).reset_index()


def of_named_projects(zk_published: ZkPublished) -> pd.DataFrame:
    """Every published row on a project that the report names, by `project` and date."""
    system, source = zk_published["system"], zk_published["source_id"]
    of_modulus = system.str.contains(MODULUS) | source.str.startswith(MODULUS_SOURCES)
    parts = [zk_published[system == EZKL].assign(project=EZKL), zk_published[of_modulus].assign(project=MODULUS)]
    return pd.concat(parts).sort_values(["project", "published_on", "published_id"]).reset_index(drop=True)


def _bearings(claim: Claim, rows: tuple[Evidence, ...]) -> dict[str, set[str]]:
    """What the rows say of each part, neutral ones left out."""
    return {part: {row.bearing for row in rows if row.part == part} - {"neutral"} for part in claim.parts}


def question_v4(claim: Claim, *, zk_proofs: ZkProofs, zk_published: ZkPublished) -> Question:
    """Whether V4 is supported."""

    def supported(weights: str, network: str) -> bool:
        public = meaning(claim, "weights", weights, PUBLIC_SUFFICES)
        least = meaning(claim, "network", network, LEAST_PARAMS)
        rows = evidence(claim, zk_proofs, zk_published, public_suffices=public, least_params=least)
        return verdict_of(claim, rows) == "supported"

    return Question(claim, supported)


def assess_v4(claim: Claim, *, zk_proofs: ZkProofs, zk_published: ZkPublished) -> Finding:
    """Our proofs with hidden weights, and what Modulus Labs published by the claim's date.

    Returns
    -------
    Finding
        Evidence rows by part, no number. Level and basis are those of the part that decides: a contradicted one; else
        one that is open; else, of several supported ones, the weakest. A part is measured where a proof of ours bears
        on it, else it is as good as the published rows that do. No support where the primary definition leaves the
        claim undecided: that most definitions leave it open is not that it fails under them.
    """
    rows = evidence(claim, zk_proofs, zk_published)
    bearings = _bearings(claim, rows)
    level, basis = min(_level(rows, part, zk_proofs) for part in deciding(claim, rows))
    lacking = [f"for {part}: {_would_settle(part, claim)}" for part in claim.parts if "supports" not in bearings[part]]
    question = question_v4(claim, zk_proofs=zk_proofs, zk_published=zk_published)
    return Finding(
        level=level,
        basis=basis,
        evidence=rows,
        **question.settled("; ".join(lacking), decided=verdict_of(claim, rows) in SETTLED),
    )


def deciding(claim: Claim, rows: tuple[Evidence, ...]) -> tuple[str, ...]:
    """Parts that decide the verdict: those contradicted, else those that are open, else all."""
    bearings = _bearings(claim, rows)
    against = tuple(part for part, found in bearings.items() if found == {"contradicts"})
    return against or tuple(part for part, found in bearings.items() if found != {"supports"}) or claim.parts


def _level(rows: tuple[Evidence, ...], part: str, zk_proofs: ZkProofs) -> tuple[Literal[1, 2, 5], Basis]:
    bear = [row for row in rows if row.part == part and row.bearing != "neutral"]
    if any(row.source_id in set(zk_proofs["source_id"]) for row in bear):
        return 5, "measurement"
    return (2 if any(row.vendor for row in bear) else 1), "secondary"


def _would_settle(part: str, claim: Claim) -> str:
    ours = "a proof with hidden weights that we make, accepted, and an altered proof or output that is refused"
    theirs = (
        f"a publication by {day(claim.as_of)} that says that the weights were hidden, that the proof was accepted and "
        "that an altered proof or output was refused"
    )
    return f"{ours}, or {theirs}" if part == EZKL else theirs
