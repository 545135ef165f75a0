"""What people, scripts and bad luck put in a request. `None` as words: kept as inert text."""

from dataclasses import dataclass

LONG_WORD = "a" * 300
FORMULAS = ["=1+1", "+1+1", "-2+3", "@SUM(A1:A9)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")']
MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "</textarea><script>alert(2)</script>",
    "<!-- commentaire -->",
    "&lt;déjà échappé&gt; &amp; &#x27;",
    "<![CDATA[ x ]]>",
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
]
CODE = [
    "'; DROP TABLE missions_mission; --",
    "' OR '1'='1",
    "{{ 7*7 }}",
    "{% load static %}{% now 'Y' %}",
    "${7*7}",
    "#{7*7}",
    "../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "%00%0d%0aSet-Cookie: a=b",
    "Sujet\r\nBcc: tous@exemple.org",
    '{"need": null, "__proto__": {"a": 1}}',
    "%s %(name)s %n %x",
    "\\u0000 \\x00 \\",
]
SIGNS = [
    "👩🏾‍🌾 et 🇧🇯",
    "مشروع المياه",
    "قال \u2066Explor\u2069 نعم",
    "نمی\u200cخواهم",
    "Z̴̡̢̛a̷͎͓l̸͔͐g̷̰̍o̶̗͝",
    "ﬁn ﬂeur ½ ①",
    "None",
    "null",
    "undefined",
    "NaN",
    "0",
]
INERT = [*FORMULAS, *MARKUP, *CODE, *SIGNS]

#: typed → what is kept of it: what nobody can see, or turns reading over, goes
CLEANED = {
    "gauche\u202edroite": "gauchedroite",
    "isolé\u2066caché\u2069": "isolécaché",
    "cloche\x07": "cloche",
    "échap\x1b[31mrouge": "échap[31mrouge",
    "retour\x08arrière": "retourarrière",
    "nul\x00ici": "nulici",
    "saut\x0bde ligne": "saut\nde ligne",
    "   des espaces   ": "des espaces",
    "suite\x9bde contrôle": "suitede contrôle",
    "zéro\u200blargeur\ufeff": "zérolargeur",
    "trait\xadcaché": "traitcaché",
    "e\u0301 décomposé": "é décomposé",
    "fin de page\x0cdébut": "fin de page\ndébut",
}


@dataclass(frozen=True)
class Refused:
    step: str
    field: str
    value: str
    words: str


def _each(step: str, field: str, *rows: tuple[str, str]) -> list[Refused]:
    return [Refused(step, field, value, words) for value, words in rows]


DATE = "date valide"
WHOLE = "nombre entier"
EUROS = "Écrivez un montant en euros"
CHOICE = "Sélectionnez un choix valide"
REFUSED: list[Refused] = [
    *_each(
        "expertise",
        "window_from",
        ("pas une date", DATE),
        ("31/02/2027", DATE),
        ("2027-02-30", DATE),
        ("0000-01-01", DATE),
        ("0001-01-01", "Vérifiez l’année"),
        ("9999-12-31", "Vérifiez l’année"),
        ("99999-01-01", DATE),
        ("2027-13-01", DATE),
        ("-2027-01-01", DATE),
        ("=AUJOURDHUI()", DATE),
    ),
    *_each(
        "expertise",
        "days_on_spot",
        ("400", "entre 1 et 365"),
        ("0", "entre 1 et 365"),
        ("-1", "supérieure ou égale à 0"),
        ("9" * 40, "entre 1 et 365"),
        ("9" * 5000, WHOLE),
        ("1e3", WHOLE),
        ("huit", WHOLE),
        ("8,5", WHOLE),
        ("0x10", WHOLE),
        ("NaN", WHOLE),
    ),
    *_each(
        "expertise", "people_count", ("", "obligatoire"), ("beaucoup", WHOLE), ("51", "1 et 50")
    ),
    *_each("expertise", "skills", ("x" * 301, "300 caractères")),
    *_each("expertise", "languages", ("klingon", CHOICE), ("<script>", CHOICE)),
    *_each("expertise", "level", ("dieu", CHOICE)),
    *_each(
        "budget",
        "expense_travel_amount",
        ("-5", "ne peut pas être négatif"),
        ("mille", EUROS),
        ("9" * 40, "chiffres"),
        ("NaN", EUROS),
        ("Infinity", EUROS),
        ("-Infinity", EUROS),
        ("1e400", EUROS),
        ("1.234,50", EUROS),
        ("12,345", "chiffres après la virgule"),
        ("=1+1", EUROS),
        ("0x1F", EUROS),
        ("1;2", EUROS),
    ),
    *_each("budget", "expense_travel_how", ("y" * 301, "300 caractères")),
    *_each(
        "projet",
        "country",
        ("ZZ", CHOICE),
        ("", "obligatoire"),
        ("<script>", CHOICE),
    ),
    *_each("projet", "sector", ("<script>", CHOICE), ("99999", CHOICE)),
    *_each("projet", "sdgs", ("99", CHOICE), ("-1", CHOICE), ("un", CHOICE)),
    *_each("projet", "project_title", ("x" * 201, "200 caractères"), ("", "obligatoire")),
    *_each("projet", "need", ("y" * 5001, "5000")),
    *_each(
        "projet",
        "public_women",
        ("99999999999", "entre 0 et 10000000"),
        ("-3", "supérieure ou égale à 0"),
        ("la moitié", WHOLE),
    ),
    *_each("association", "siret", ("123", "quatorze chiffres"), ("1" * 14, "erreur")),
    *_each("association", "rna", ("rien", "lettre W"), ("W" * 20, "lettre W")),
    *_each(
        "association",
        "contact_phone",
        ("javascript:1", "numéro de téléphone"),
        ("<b>06</b>", "numéro de téléphone"),
        ("0" * 40, "30 caractères"),
    ),
    *_each(
        "association",
        "contact_email",
        ("pas une adresse", "adresse"),
        ("a@b@c.fr", "adresse"),
        ("x@" + "y" * 300 + ".fr", "caractères"),
        ("a@b.fr\nBcc: c@d.fr", "adresse"),
    ),
    *_each(
        "association",
        "declared_on",
        ("2999-01-01", "Vérifiez l’année"),
        ("2090-01-01", "dans l’avenir"),
        ("1066-10-14", "Vérifiez l’année"),
    ),
    *_each("association", "members_count", ("1000001", "1000000"), ("∞", WHOLE)),
    *_each("association", "annual_budget", ("NaN", EUROS), ("-1", "négatif")),
    *_each("association", "preferred_channel", ("pigeon", CHOICE)),
    *_each("association", "acronym", ("Z" * 31, "30 caractères")),
    *_each("mission", "c1_type", ("sorcery", CHOICE)),
    *_each("mission", "direction", ("up", CHOICE)),
    *_each("mission", "where", ("moon", CHOICE)),
    *_each("mission", "c1_objective_1", ("o" * 501, "500 caractères")),
    *_each("mission", "d1_due_on", ("demain", DATE), ("3000-01-01", "Vérifiez l’année")),
    *_each("securite", "security_zone", ("purple", CHOICE)),
    *_each("securite", "absent_statutes", ("s" * 301, "300 caractères")),
    *_each("securite", "emergency_phone", ("appelez-moi", "numéro de téléphone")),
    *_each("partenaire", "local_partner", ("p" * 201, "200 caractères")),
    *_each("partenaire", "partner_status", ("sect", CHOICE)),
]
