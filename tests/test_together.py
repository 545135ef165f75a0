import pytest
from django.db import migrations, models
from django.db.migrations.state import ProjectState

from explor.together import Together

CREATE = migrations.CreateModel("Book", [("id", models.BigAutoField(primary_key=True))])
ADD = migrations.AddField("book", "title", models.TextField())


def test_together_gives_the_final_models() -> None:
    state = ProjectState()
    assert state.apps.get_models() == []

    Together([CREATE, ADD]).state_forwards("library", state)

    book = state.apps.get_model("library", "Book")
    assert [field.name for field in book._meta.fields] == ["id", "title"]


def test_together_refuses_to_complete_a_model_made_elsewhere() -> None:
    with pytest.raises(ValueError, match="title"):
        Together([ADD])
