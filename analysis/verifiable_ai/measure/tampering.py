"""Tampering with a proof so that it is still a proof to read, and telling a refusal from a failure to read.

The file that ezkl writes holds the proof twice, as a list of bytes and in hexadecimal, and the outputs twice, as
elements of the field and in plain decimals. Only the list and the elements count: a file whose hexadecimal or decimals
were altered verifies. So the bytes are altered in the list, and the output as an element of the field.

A byte altered anywhere may make the proof unreadable (a point that is on no curve), which says little. A refusal counts
if the verifier answered no, or failed at one of its two equations, as it does only after reading all of the file. And
the file written back unaltered must verify, or else its writing would be at fault.
"""

import copy
from collections.abc import Sequence
from typing import Any

#: Order of the scalar field of the curve BN254.
FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617
ELEMENT_BYTES = 32
#: What ezkl 23 (halo2) says when a proof that it could read does not hold.
REFUSALS = ("The constraint system is not satisfied", "Multi-opening proof was invalid")
#: Where the proof is altered, as shares of its elements: commitments come first, values of polynomials after them.
PLACES = (1 / 8, 3 / 8, 5 / 8, 7 / 8)

Proof = dict[str, Any]


def tampered_proofs(proof: Proof) -> list[Proof]:
    """Copies of a proof, each with the lowest bit of one byte flipped.

    Examples
    --------
    >>> copies = tampered_proofs({"proof": [0] * 256, "hex_proof": "0x" + "00" * 256})
    >>> [changed["proof"].index(1) for changed in copies]
    [32, 96, 160, 224]
    >>> copies[0]["hex_proof"][64:70]
    '000100'
    """
    elements = len(proof["proof"]) // ELEMENT_BYTES
    copies = []
    for place in PLACES:
        changed = copy.deepcopy(proof)
        changed["proof"][ELEMENT_BYTES * int(place * elements)] ^= 1
        changed["hex_proof"] = "0x" + bytes(changed["proof"]).hex()
        copies.append(changed)
    return copies


def tampered_output(proof: Proof) -> Proof:
    """A copy of a proof whose last output is one quantum larger; elements are little-endian hexadecimals.

    Examples
    --------
    >>> tampered_output({"instances": [["00" * 32, "ff" + "00" * 31]]})["instances"][0][1][:6]
    '000100'
    """
    changed = copy.deepcopy(proof)
    last = int.from_bytes(bytes.fromhex(changed["instances"][0][-1]), "little")
    changed["instances"][0][-1] = ((last + 1) % FIELD).to_bytes(ELEMENT_BYTES, "little").hex()
    return changed


def verdict(untouched: bool | str, answers: Sequence[bool | str]) -> bool:
    """Whether tampering was detected: no copy was accepted, and one or more were refused and not merely unreadable.

    Parameters
    ----------
    untouched : bool or str
        The verifier's answer to the file written back as it was, or its error.
    answers : sequence of bool or str
        The same for every tampered copy.

    Raises
    ------
    ValueError
        If the answers prove nothing: the unaltered file does not verify, or every copy was merely unreadable.

    Examples
    --------
    >>> equation = "Failed to run verify: [halo2] Multi-opening proof was invalid"
    >>> verdict(True, [equation, "Invalid elliptic curve point encoding in proof"]), verdict(True, [equation, True])
    (True, False)
    >>> verdict(True, ["EOF while parsing an object"])
    Traceback (most recent call last):
        ...
    ValueError: no tampered copy could be read: EOF while parsing an object
    """
    if untouched is not True:
        raise ValueError(f"the proof does not verify when written back unaltered: {untouched}")
    if any(answer is True for answer in answers):
        return False
    if not any(answer is False or any(refusal in answer for refusal in REFUSALS) for answer in answers):
        raise ValueError(f"no tampered copy could be read: {'; '.join(map(str, answers))}")
    return True
