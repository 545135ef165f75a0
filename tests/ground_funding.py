"""Money to knock at: an envelope, what a mission holds of it, and one row of each kind."""

from decimal import Decimal

from explor import clock
from missions.funding.cofundings import record_cofunding
from missions.funding.commitments import commit
from missions.funding.expenses import record_expense
from missions.funding.instalments import plan_instalment
from missions.funding.models import CoFunding, Commitment, Envelope, Expense, Instalment
from tests.factories import World
from tests.ground import Ground

STATE = "preparation"


def open_one(world: World, year: int | None = None, amount: str = "5000") -> Envelope:
    row, _ = Envelope.objects.get_or_create(
        programme=world.programme,
        territory=world.territory,
        year=year or clock.today().year,
        defaults={"amount": Decimal(amount)},
    )
    return row


def held(ground: Ground) -> Commitment:
    mission = ground.mission(STATE)
    found = Commitment.objects.filter(mission=mission).first()
    if found is None:
        year = open_one(ground.world).year
        found = commit(mission, Decimal(2000), year=year, actor=None, decision="comité d’essai")
    assert found is not None
    return found


def instalment(ground: Ground) -> Instalment:
    commitment = held(ground)
    found = Instalment.objects.filter(commitment=commitment, state="planned").first()
    return found or plan_instalment(
        commitment.mission,
        label="À la signature",
        due_on=clock.today(),
        amount=Decimal(100),
        actor=None,
    )


def expense(ground: Ground) -> Expense:
    mission = ground.mission(STATE)
    words = {
        "heading": "travel",
        "label": "Billet",
        "state": "spent",
        "dated": clock.today(),
        "amount": Decimal(600),
        "currency": "EUR",
    }
    return Expense.objects.filter(mission=mission).first() or record_expense(
        mission, words, actor=None
    )


def cofunding(ground: Ground) -> CoFunding:
    mission = ground.mission(STATE)
    words = {
        "funder_name": "La commune d’essai",
        "asked": Decimal(300),
        "asked_on": clock.today(),
    }
    return CoFunding.objects.filter(mission=mission).first() or record_cofunding(
        mission, words, actor=None
    )
