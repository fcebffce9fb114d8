"""A random sample (随机抽取) that anybody can draw again: the same seed and the same roster give the same units.

No generator of random numbers, which another version of a language might change: every unit gets the SHA-256 of
`seed|id|name`, and those with the smallest ones are taken.  With groups the size is shared out by largest remainder.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.rules.refusals import Invalid

ALGORITHM = (
    "以“号码|单位编号|单位名称”的 SHA-256 值由小到大排序，取前若干个；分组抽取的，名额按各组单位数用最大余数法分配"
)
LONGEST_SEED = 64


@dataclass(frozen=True)
class Candidate:
    unit_id: int
    name: str
    group: str = ""


def draw(roster: Sequence[Candidate], size: int, seed: str, *, by_group: bool = False) -> list[Candidate]:
    """`size` of the roster, in the roster's order; raise Invalid for an empty seed or a size that is none."""
    seed = check_seed(seed)
    if not 1 <= size <= len(roster):
        raise Invalid(f"抽取数量请填写 1 至 {len(roster)}（名册中的单位数）。")
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in roster:
        groups[candidate.group if by_group else ""].append(candidate)
    shares = shared_out(size, {name: len(members) for name, members in groups.items()})
    taken = {each.unit_id for name, members in groups.items() for each in _smallest(members, shares[name], seed)}
    return [candidate for candidate in roster if candidate.unit_id in taken]


def check_seed(seed: str) -> str:
    seed = seed.strip()
    if not seed or len(seed) > LONGEST_SEED:
        raise Invalid(f"请填写抽取号码，最多 {LONGEST_SEED} 字，如当天公开的开奖号码。")
    return seed


def _smallest(members: Sequence[Candidate], number: int, seed: str) -> list[Candidate]:
    return sorted(members, key=lambda each: mark(each, seed))[:number]


def mark(candidate: Candidate, seed: str) -> str:
    """What the order of the draw goes by."""
    return hashlib.sha256(f"{seed}|{candidate.unit_id}|{candidate.name}".encode()).hexdigest()


def shared_out(size: int, members: Mapping[str, int]) -> dict[str, int]:
    """The size by group, in proportion to its members by largest remainder; where the size allows, one to each."""
    total = sum(members.values())
    shares = {name: size * number // total for name, number in members.items()}
    # By what is left over, then by name: the order in which the roster was written does not matter.
    by_rest = sorted(members, key=lambda name: (-(size * members[name] % total), name))
    for name in by_rest[: size - sum(shares.values())]:
        shares[name] += 1
    for name in sorted(name for name, share in shares.items() if not share and size >= len(members)):
        shares[name] += 1
        shares[max(shares, key=lambda other: (shares[other], other))] -= 1
    return shares
