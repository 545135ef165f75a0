"""`f_in_order()`: the numbers inside a text, filled with zeros, so that they sort as numbers."""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION f_in_order(value text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT regexp_replace(
    regexp_replace(value, '(\d+)', '0000000\1', 'g'), '0*(\d{8,})(?!\d)', '\1', 'g') $$;
"""
BACKWARD = "DROP FUNCTION f_in_order(text);"


class Migration(migrations.Migration):
    dependencies = [("search", "0001_french")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
