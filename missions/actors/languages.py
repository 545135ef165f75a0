"""The languages a request asks for and a volunteer speaks: ISO 639 codes, most used first."""

LANGUAGES: dict[str, str] = {
    "fr": "français",
    "en": "anglais",
    "es": "espagnol",
    "pt": "portugais",
    "ar": "arabe",
    "bm": "bambara",
    "ee": "éwé",
    "fon": "fon",
    "ff": "peul",
    "ha": "haoussa",
    "kg": "kikongo",
    "ln": "lingala",
    "mg": "malgache",
    "mos": "mooré",
    "snk": "soninké",
    "sw": "swahili",
    "wo": "wolof",
    "yo": "yoruba",
}
