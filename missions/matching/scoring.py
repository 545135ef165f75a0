"""How well a volunteer fits a request, with the reason of every point. No query here.

Points add up to 100: skills 40, languages 25, period 20, country 10, length of stay 5. Nothing
about the person enters but what they declared for this very use.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from missions.actors.languages import LANGUAGES

SKILLS, TONGUES, PERIOD, COUNTRY, STAY = 40, 25, 20, 10, 5


@dataclass(frozen=True)
class Wanted:
    """What the request asks for. `skills` is free text; `country` a code and its French name."""

    skills: str = ""
    languages: tuple[str, ...] = ()
    country: tuple[str, str] = ("", "")
    window: tuple[date | None, date | None] = (None, None)
    days: int | None = None


@dataclass(frozen=True)
class Offered:
    """What a volunteer declares. `skills` are `(label, years)`; no country means any."""

    skills: tuple[tuple[str, int], ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    available: tuple[date | None, date | None] = (None, None)
    longest_stay: int = 0


@dataclass
class Fit:
    """`score` out of 100; `reasons` speak for the person, `limits` against."""

    score: int = 0
    reasons: list[str] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)

    def gain(self, points: int, why: str) -> None:
        self.score += points
        self.reasons.append(why)


def fit(wanted: Wanted, offered: Offered) -> Fit:
    """Compare the two; the same arguments always give the same answer."""
    found = Fit()
    _skills(found, wanted, offered)
    _languages(found, wanted, offered)
    _period(found, wanted, offered)
    _country(found, wanted, offered)
    _stay(found, wanted, offered)
    return found


def _skills(found: Fit, wanted: Wanted, offered: Offered) -> None:
    asked = _words(wanted.skills)
    held = [(label, years) for label, years in offered.skills if _words(label) & asked]
    if held:
        # a skill counts more after five years of practice
        points = min(SKILLS, sum(15 + min(years, 5) for _, years in held))
        named = ", ".join(f"{label.lower()} ({years} ans)" for label, years in held)
        found.gain(points, f"pratique {named}")
    elif asked:
        found.limits.append("aucune des compétences demandées n’est déclarée")


def _languages(found: Fit, wanted: Wanted, offered: Offered) -> None:
    if not wanted.languages:
        return
    spoken = [code for code in wanted.languages if code in offered.languages]
    lacking = [code for code in wanted.languages if code not in offered.languages]
    if spoken:
        found.gain(round(TONGUES * len(spoken) / len(wanted.languages)), f"parle {_named(spoken)}")
    if lacking:
        found.limits.append(f"ne déclare pas parler {_named(lacking)}")


def _period(found: Fit, wanted: Wanted, offered: Offered) -> None:
    first, last = wanted.window
    since, until = offered.available
    if since is None and until is None:
        found.limits.append("n’a pas dit quand elle ou il est disponible")
        return
    begin = max(filter(None, (first, since)), default=None)
    end = min(filter(None, (last, until)), default=None)
    days = (end - begin).days + 1 if begin and end else None
    if days is not None and days < (wanted.days or 1):
        found.limits.append("n’est pas disponible assez longtemps pendant la période demandée")
        return
    found.gain(PERIOD, f"disponible {_dates(since, until)}")


def _country(found: Fit, wanted: Wanted, offered: Offered) -> None:
    code, name = wanted.country
    if not offered.countries:
        found.gain(COUNTRY // 2, "n’a écarté aucun pays")
    elif code in offered.countries:
        found.gain(COUNTRY, f"accepte de partir : {name}")
    else:
        found.limits.append(f"n’a pas cité ce pays : {name}")


def _stay(found: Fit, wanted: Wanted, offered: Offered) -> None:
    if not wanted.days:
        return
    if offered.longest_stay >= wanted.days:
        found.gain(STAY, f"peut rester {offered.longest_stay} jours")
    else:
        found.limits.append(
            f"ne peut rester que {offered.longest_stay} jours sur {wanted.days} demandés"
        )


def _words(text: str) -> set[str]:
    """The words that carry meaning, without accents or plural."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return {word.rstrip("sx") for word in letters.split() if len(word) > 3}


def _named(codes: Iterable[str]) -> str:
    names = [LANGUAGES.get(code, code) for code in codes]
    return " et ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _dates(since: date | None, until: date | None) -> str:
    if since and until:
        return f"du {since:%d/%m/%Y} au {until:%d/%m/%Y}"
    return f"à partir du {since:%d/%m/%Y}" if since else f"jusqu’au {until:%d/%m/%Y}"
