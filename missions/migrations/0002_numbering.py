"""References sort as numbers, and the last number given under each prefix is kept."""

from django.db import migrations, models

from explor.search.fields import in_order


class Migration(migrations.Migration):
    dependencies = [
        ("missions", "0001_initial"),
        ("search", "0002_in_order"),
    ]

    operations = [
        migrations.CreateModel(
            name="Numbering",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("prefix", models.CharField("préfixe", max_length=60, unique=True)),
                ("last", models.PositiveIntegerField("dernier numéro", default=0)),
            ],
            options={"verbose_name": "numérotation"},
        ),
        migrations.AlterModelOptions(
            name="mission",
            options={"ordering": [in_order().desc()], "verbose_name": "mission"},
        ),
        migrations.AddIndex(
            model_name="mission", index=models.Index(in_order(), name="mission_in_order")
        ),
    ]
