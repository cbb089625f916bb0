"""Small made-up multiverses, and the definition of balanced support worked out plainly, without arrays or raking."""

from itertools import combinations, product

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from analysis.engine.multiverse import Factor, Multiverse, Rule, explore, pointwise

#: A claim that holds above this, in the worlds below; no estimate equals it.
BOUND = 2.5


class World:
    """Estimates by specification, None where the data do not allow one, "rule" where a rule excludes it."""

    def __init__(self, factors: list[Factor], estimates: dict[tuple[str, ...], float | str | None]) -> None:
        self.factors, self.estimates = factors, estimates

    def key(self, specification: dict[str, str]) -> tuple[str, ...]:
        return tuple(specification[factor.name] for factor in self.factors)

    def known(self) -> dict[tuple[str, ...], float]:
        return {key: value for key, value in self.estimates.items() if value not in (None, "rule")}

    def explored(self, order: list[Factor] | None = None) -> Multiverse:
        rule = Rule(
            "made up", lambda grid: grid.apply(lambda row: self.estimates[self.key(row)] == "rule", axis=1).astype(bool)
        )
        one = pointwise(lambda **specification: self.estimates[self.key(specification)])
        return explore(order or self.factors, [rule], one, holds=lambda estimates: estimates > BOUND)

    def with_copy(self, index: int, option: str) -> "World":
        """The same with an option more, which does what an old one does."""
        old = self.factors[index]
        copy = f"copy of {option}"
        factors = [*self.factors]
        factors[index] = Factor(old.name, (copy, *old.options), old.primary)
        keys = product(*(factor.options for factor in factors))
        original = lambda key: (*key[:index], option if key[index] == copy else key[index], *key[index + 1 :])  # noqa: E731
        return World(factors, {key: self.estimates[original(key)] for key in keys})


@st.composite
def worlds(draw, gaps: bool = True) -> World:
    """Two to four factors of one to three options, estimates from 1 to 4 so that many coincide, some inadmissible."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4).filter(lambda sizes: np.prod(sizes) <= 27))
    factors = [Factor(f"f{i}", tuple(f"{i}{'abc'[k]}" for k in range(n)), f"{i}a") for i, n in enumerate(sizes)]
    keys = list(product(*(factor.options for factor in factors)))
    missing = st.sampled_from([None, "rule"]) if gaps else st.nothing()
    values = st.integers(0, 11).flatmap(lambda k: missing if gaps and k == 0 else st.sampled_from([1.0, 2.0, 3.0, 4.0]))
    estimates = dict(zip(keys, draw(st.lists(values, min_size=len(keys), max_size=len(keys))), strict=True))
    primary = keys[0]
    if estimates[primary] in (None, "rule"):
        estimates[primary] = 1.0
    return World(factors, estimates)


class Groups:
    """Union–find."""

    def __init__(self, things) -> None:
        self.parent = {thing: thing for thing in things}

    def of(self, thing):
        while self.parent[thing] != thing:
            thing = self.parent[thing]
        return thing

    def join(self, a, b) -> None:
        self.parent[self.of(a)] = self.of(b)


def effective(world: World, index: int) -> dict[str, str]:
    """Each option of a factor -> the option that stands for it, for options admissible somewhere."""
    known, options = world.known(), world.factors[index].options
    contexts = {(key[:index], key[index + 1 :]) for key in world.estimates}
    value = {(o, c): known.get((*c[0], o, *c[1])) for o in options for c in contexts}
    pairs = {(a, b): [(value[a, c], value[b, c]) for c in contexts] for a in options for b in options}
    both = {pair: [(x, y) for x, y in rows if x is not None and y is not None] for pair, rows in pairs.items()}
    groups = Groups([o for o in options if any(value[o, c] is not None for c in contexts)])
    for a, b in combinations(groups.parent, 2):
        if both[a, b] and all(x == y for x, y in both[a, b]):
            groups.join(a, b)
    found = {o: groups.of(o) for o in groups.parent}
    for stands in set(found.values()):
        members = [o for o in found if found[o] == stands]
        if any(x != y for a, b in combinations(members, 2) for x, y in both[a, b]):
            for o in members:
                found[o] = next(p for p in members if all(x == y for x, y in pairs[o, p]))
    return found


def plainly(world: World) -> dict:
    """Balanced support by its definition; `weight` is None where no positive weights are balanced."""
    known = world.known()
    stands = [effective(world, i) for i in range(len(world.factors))]
    label = {key: tuple(stands[i][o] for i, o in enumerate(key)) for key in known}
    groups = Groups(known)
    for a, b in combinations(known, 2):
        if label[a] == label[b] and known[a] == known[b]:
            groups.join(a, b)
    for key in known:
        for i, factor in enumerate(world.factors):
            line = [k for o in factor.options if (k := (*key[:i], o, *key[i + 1 :])) in known]
            if len({known[k] for k in line}) == 1:
                for other in line:
                    groups.join(key, other)
    cells = sorted({(label[key], known[key], groups.of(key)) for key in known})
    alike = {root: sum(cell[2] == root for cell in cells) for root in {cell[2] for cell in cells}}
    options = sorted({(i, o) for i, found in enumerate(stands) for o in found.values()})
    members = np.array([[cell[0][i] == o for cell in cells] for i, o in options], dtype=float)
    shares = np.array([1 / sum(j == i for j, _ in options) for i, _ in options])
    weight = _nearest_balanced(np.array([1 / alike[cell[2]] for cell in cells]), members, shares)
    result = {"distinct": len(alike), "weight": weight}
    if weight is not None:
        held = np.array([cell[1] > BOUND for cell in cells])
        result["balanced"] = weight @ held
        result["by_option"] = {
            (i, o): (weight * row) @ held / (weight @ row) for (i, o), row in zip(options, members, strict=True)
        }
        result["at_primary"] = [
            result["by_option"][i, stands[i][f.primary]] for i, f in enumerate(world.factors) if f.primary in stands[i]
        ]
    return result


def _nearest_balanced(seed: np.ndarray, members: np.ndarray, shares: np.ndarray) -> np.ndarray | None:
    """Weights of least relative entropy to the seed with these shares: first whether there are, then by the dual."""
    n = len(seed)
    smallest = linprog(
        [*np.zeros(n), -1.0],
        A_ub=np.column_stack([-np.eye(n), np.ones(n)]),
        b_ub=np.zeros(n),
        A_eq=np.column_stack([members, np.zeros(len(members))]),
        b_eq=shares,
        bounds=[(0, 1)] * n + [(0, 1)],
    )
    if not smallest.success or smallest.x[-1] < 1e-9:
        return None

    def dual(multipliers: np.ndarray) -> tuple[float, np.ndarray]:
        mass = seed * np.exp(members.T @ multipliers)
        return np.log(mass.sum()) - shares @ multipliers, members @ mass / mass.sum() - shares

    found = minimize(dual, np.zeros(len(members)), jac=True, method="BFGS", options={"gtol": 1e-11, "maxiter": 2000})
    mass = seed * np.exp(members.T @ found.x)
    return mass / mass.sum()
