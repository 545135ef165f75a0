"""French text search: two configurations queried together, and `f_norm()` for order and typos.

`french` stems and keeps accents; `fr_unaccent` stems what has lost them, so that « financee »
typed on a phone finds « financée ». `f_norm()` is immutable, so it can feed generated columns.
"""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

FORWARD = """
CREATE TEXT SEARCH CONFIGURATION fr_unaccent (COPY = french);
ALTER TEXT SEARCH CONFIGURATION fr_unaccent
  ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
CREATE FUNCTION f_norm(value text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, value)) $$;
CREATE FUNCTION f_french(value text) RETURNS tsvector
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT to_tsvector('pg_catalog.french'::regconfig, value)
            || to_tsvector('public.fr_unaccent'::regconfig, value) $$;
"""
BACKWARD = """
DROP FUNCTION f_french(text);
DROP FUNCTION f_norm(text);
DROP TEXT SEARCH CONFIGURATION fr_unaccent;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
