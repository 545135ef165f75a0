"""What the committee decided, as a code beside its milestone's words."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('missions', '0002_numbering'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='milestone',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='milestone',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='milestone',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='milestone',
            name='outcome',
            field=models.CharField(blank=True, max_length=20, verbose_name='issue'),
        ),
        migrations.AddField(
            model_name='milestoneevent',
            name='outcome',
            field=models.CharField(blank=True, max_length=20, verbose_name='issue'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='milestone',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "missions_milestoneevent" ("done_by_id", "done_on", "due_on", "id", "kind", "label", "missing", "mission_id", "note", "offset_from_departure", "outcome", "owner_role", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "required_for", "waived_because") VALUES (NEW."done_by_id", NEW."done_on", NEW."due_on", NEW."id", NEW."kind", NEW."label", NEW."missing", NEW."mission_id", NEW."note", NEW."offset_from_departure", NEW."outcome", NEW."owner_role", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."required_for", NEW."waived_because"); RETURN NULL;', hash='7d140a7ab34115a2995a2f0b9c792bab47b50b6c', operation='INSERT', pgid='pgtrigger_insert_insert_d09c3', table='missions_milestone', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='milestone',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "missions_milestoneevent" ("done_by_id", "done_on", "due_on", "id", "kind", "label", "missing", "mission_id", "note", "offset_from_departure", "outcome", "owner_role", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "required_for", "waived_because") VALUES (NEW."done_by_id", NEW."done_on", NEW."due_on", NEW."id", NEW."kind", NEW."label", NEW."missing", NEW."mission_id", NEW."note", NEW."offset_from_departure", NEW."outcome", NEW."owner_role", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."required_for", NEW."waived_because"); RETURN NULL;', hash='754fb4c163207698650394fc323ca7c985aba491', operation='UPDATE', pgid='pgtrigger_update_update_50c5f', table='missions_milestone', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='milestone',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "missions_milestoneevent" ("done_by_id", "done_on", "due_on", "id", "kind", "label", "missing", "mission_id", "note", "offset_from_departure", "outcome", "owner_role", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "required_for", "waived_because") VALUES (OLD."done_by_id", OLD."done_on", OLD."due_on", OLD."id", OLD."kind", OLD."label", OLD."missing", OLD."mission_id", OLD."note", OLD."offset_from_departure", OLD."outcome", OLD."owner_role", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."required_for", OLD."waived_because"); RETURN NULL;', hash='1ad5d6dd465ce4269340b5e47c247737d3953eaa', operation='DELETE', pgid='pgtrigger_delete_delete_e4234', table='missions_milestone', when='AFTER')),
        ),
        # what the note alone said until now; the triggers above keep the change
        migrations.RunSQL(
            """
            UPDATE missions_milestone
            SET outcome = CASE note WHEN 'Retenue' THEN 'accepted' ELSE 'declined' END
            WHERE kind = 'decision' AND note IN ('Retenue', 'Non retenue')
            """,
            migrations.RunSQL.noop,
        ),
    ]
