from datetime import date

from missions.matching.scoring import Offered, Wanted, fit

WANTED = Wanted(
    skills="transformation alimentaire, hygiène",
    languages=("fr", "fon"),
    country=("BJ", "Bénin"),
    window=(date(2027, 2, 1), date(2027, 4, 30)),
    days=8,
)
BEST = Offered(
    skills=(("Transformation alimentaire", 12), ("Hygiène et qualité", 6)),
    languages=("fr", "fon", "en"),
    countries=("BJ", "TG"),
    available=(date(2027, 1, 1), date(2027, 3, 31)),
    longest_stay=10,
)


def test_who_has_everything_scores_a_hundred_and_each_point_has_its_reason() -> None:
    found = fit(WANTED, BEST)
    assert found.score == 100
    assert found.limits == []
    assert found.reasons == [
        "pratique transformation alimentaire (12 ans), hygiène et qualité (6 ans)",
        "parle français et fon",
        "disponible du 01/01/2027 au 31/03/2027",
        "accepte de partir : Bénin",
        "peut rester 10 jours",
    ]


def test_who_has_nothing_scores_nothing_and_is_told_why() -> None:
    found = fit(
        WANTED,
        Offered(
            skills=(("Comptabilité", 3),),
            countries=("SN",),
            available=(date(2028, 1, 1), None),
            longest_stay=5,
        ),
    )
    assert found.score == 0
    assert found.reasons == []
    assert "ne déclare pas parler français et fon" in found.limits
    assert "n’a pas cité ce pays : Bénin" in found.limits
    assert "ne peut rester que 5 jours sur 8 demandés" in found.limits


def test_accents_and_plurals_do_not_hide_a_skill() -> None:
    wanted = Wanted(skills="énergies renouvelables")
    found = fit(wanted, Offered(skills=(("Energie renouvelable", 1),)))
    assert found.score > 0


def test_half_the_languages_give_half_the_points_and_say_which_lacks() -> None:
    found = fit(Wanted(languages=("fr", "fon")), Offered(languages=("fr",)))
    assert found.score - fit(Wanted(languages=("fr", "fon")), Offered()).score == 12
    assert "parle français" in found.reasons
    assert "ne déclare pas parler fon" in found.limits


def test_availability_shorter_than_the_stay_counts_for_nothing() -> None:
    found = fit(WANTED, Offered(available=(date(2027, 4, 27), None)))
    assert any("assez longtemps" in limit for limit in found.limits)


def test_a_request_without_any_wish_names_no_limit_about_the_person() -> None:
    found = fit(Wanted(), Offered(available=(date(2027, 1, 1), None)))
    assert found.limits == []
