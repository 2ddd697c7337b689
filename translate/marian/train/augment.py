"""What makes a dispatch different from a debate, made from ordinary pairs: headlines, datelines, speech
of several sentences, names of agencies, numbers, « (...) », upper case, terms and placeholders.

Everything is drawn from one random.Random, so that a seed gives the same text again.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

import typography

Pair = tuple[str, str]

_MONTHS = [
    ("janvier", "janv.", "January", "Jan"), ("février", "févr.", "February", "Feb"), ("mars", "mars", "March", "March"),
    ("avril", "avr.", "April", "April"), ("mai", "mai", "May", "May"), ("juin", "juin", "June", "June"),
    ("juillet", "juil.", "July", "July"), ("août", "août", "August", "Aug"), ("septembre", "sept", "September", "Sept"),
    ("octobre", "oct", "October", "Oct"), ("novembre", "nov", "November", "Nov"), ("décembre", "déc", "December", "Dec"),
]  # fmt: skip
_DAYS = [("lundi", "Monday"), ("mardi", "Tuesday"), ("mercredi", "Wednesday"), ("jeudi", "Thursday"), ("vendredi", "Friday"),
         ("samedi", "Saturday"), ("dimanche", "Sunday")]  # fmt: skip
_PLACES = [p.split("=") for p in (
    "Moscou=Moscow Paris=Paris Londres=London Washington=Washington Pékin=Beijing Le_Caire=Cairo Alger=Algiers Damas=Damascus "
    "Bagdad=Baghdad Téhéran=Tehran Jérusalem=Jerusalem Beyrouth=Beirut Bruxelles=Brussels Genève=Geneva Vienne=Vienna "
    "Varsovie=Warsaw Athènes=Athens Rome=Rome Madrid=Madrid Lisbonne=Lisbon Berlin=Berlin Tokyo=Tokyo Séoul=Seoul "
    "New_Delhi=New_Delhi Bombay=Mumbai Kaboul=Kabul Riyad=Riyadh Doha=Doha Ankara=Ankara Istanbul=Istanbul Kiev=Kyiv "
    "Bucarest=Bucharest Belgrade=Belgrade Copenhague=Copenhagen Stockholm=Stockholm Oslo=Oslo Helsinki=Helsinki La_Haye=The_Hague "
    "Nations_unies=United_Nations New_York=New_York La_Nouvelle-Orléans=New_Orleans Mexico=Mexico_City La_Havane=Havana "
    "Brasilia=Brasilia Buenos_Aires=Buenos_Aires Dakar=Dakar Bamako=Bamako Abidjan=Abidjan Nairobi=Nairobi Khartoum=Khartoum "
    "Tripoli=Tripoli Tunis=Tunis Rabat=Rabat Sanaa=Sanaa Amman=Amman Alep=Aleppo Mossoul=Mosul Tachkent=Tashkent Dacca=Dhaka "
    "Hanoï=Hanoi Singapour=Singapore Manille=Manila Sydney=Sydney Ottawa=Ottawa Montréal=Montreal Edimbourg=Edinburgh Dublin=Dublin "
    "Bâle=Basel Berne=Bern Strasbourg=Strasbourg Lyon=Lyon Marseille=Marseille Anvers=Antwerp Luxembourg=Luxembourg").replace("_", "\u00a0").split(" ")]  # fmt: skip
_PLACES = [(f.replace("\u00a0", " "), e.replace("\u00a0", " ")) for f, e in _PLACES]
_AGENCIES = "AFP AFP AFP Reuters AP Belga ATS Xinhua TASS Interfax RIA_Novosti EFE ANSA dpa PA SANA IRNA APS MAP Anadolu Kyodo".split()
_FIRST = ("Sergueï=Sergei Vladimir François Angela Barack John Bachar=Bashar Ali Mohammed Hassan Emmanuel Marie Anne Jean Pierre David Theresa "
          "Boris Xi Recep Nicolas Ségolène Hillary Abdel Ahmed Fatima Karim Olga Dmitri=Dmitry Mikhaïl=Mikhail Petro Alexis Mariano").split()  # fmt: skip
_LAST = ("Lavrov Poutine=Putin Hollande Merkel Obama Kerry al-Assad Rohani=Rouhani Cameron Erdogan Netanyahou=Netanyahu Medvedev Macron May "
         "Johnson Sarkozy Juncker Tusk Martin Dubois Durand Lefebvre Haddad Mansour Khalil Diallo Traoré Ndiaye Okafor Kim Nguyen Tanaka "
         "Singh García Rossi Müller Schmidt Ivanov Petrov Popescu Kowalski").split()  # fmt: skip
_ROLES = [
    ("le ministre des Affaires étrangères", "Foreign Minister"), ("le président", "President"), ("le Premier ministre", "Prime Minister"),
    ("le chef de la diplomatie russe", "Russia's top diplomat"), ("le porte-parole", "spokesman"), ("la porte-parole", "spokeswoman"),
    ("le secrétaire d'Etat américain", "US Secretary of State"), ("le ministre de la Défense", "Defense Minister"),
    ("le ministre de l'Intérieur", "Interior Minister"), ("l'ambassadeur", "Ambassador"), ("le général", "General"),
]  # fmt: skip
_SAID = [("a déclaré", "said"), ("a affirmé", "said"), ("a indiqué", "said"), ("a ajouté", "added"), ("a expliqué", "explained"),
         ("a souligné", "stressed"), ("a précisé", "said"), ("a estimé", "said"), ("a dit", "said"), ("a assuré", "said"),
         ("a averti", "warned"), ("a insisté", "insisted"), ("a annoncé", "announced"), ("a prévenu", "warned")]  # fmt: skip
_INVERTED = [(f"a-t-{pro} {verb}", f"{she} {en}") for pro, she in (("il", "he"), ("elle", "she"))
             for verb, en in (("déclaré", "said"), ("ajouté", "added"), ("dit", "said"), ("expliqué", "explained"), ("souligné", "stressed"),
                              ("affirmé", "said"), ("précisé", "said"), ("poursuivi", "continued"), ("conclu", "concluded"))]  # fmt: skip
_CAPITALS = re.compile(r"(?<=[\w,] )(?:[A-Z][\w-]{2,}(?: (?:de |al-|von )?[A-Z][\w-]{2,})*)")
_INTEGER = re.compile(r"(?<![\d.,/:-])\d{2,3}(?![\d.,/:-]*\d)(?!\w)")
_PROSE = re.compile(r"[A-ZÀ-Ý].*[a-zé]\.$")
_INVENTED = ("ISIS NATO the_Kremlin the_White_House Hezbollah the_Treasury Fatah the_Council the_US_Army Daesh IMF the_agency the_movement "
             "Boko_Haram Ansarullah the_Élysée Tsahal MONUSCO the_rebels regime_forces the_Islamic_Republic the_Gulf Crimea Raqqa").split()  # fmt: skip


@dataclass(frozen=True)
class Rates:
    """Share of the pairs (0 to 1) that each change is made to."""

    join: float = 0.12
    speech: float = 0.02
    dateline: float = 0.015
    headline: float = 0.04
    upper: float = 0.008
    title: float = 0.004
    number: float = 0.5
    ellipsis: float = 0.004
    term: float = 0.05
    invented: float = 0.45  # of the terms that are names, those whose target is something else
    placeholder: float = 0.01


@dataclass
class Augmenter:
    """Makes dispatch-like pairs; lexicon maps a French word to English ones that translate it."""

    rates: Rates = field(default_factory=Rates)
    lexicon: dict[str, list[str]] = field(default_factory=dict)

    def __call__(self, pairs: Sequence[Pair], rng: random.Random) -> list[Pair]:
        """Pairs in the convention of typography.py, changed and partly joined, in their order."""
        out: list[Pair] = []
        i = 0
        while i < len(pairs):
            pair = self._change(pairs[i], rng)
            i += 1
            if rng.random() < self.rates.join and _PROSE.match(pair[0]):
                parts = [pair]
                for _ in range(rng.choice((1, 1, 1, 2, 3))):
                    if i >= len(pairs) or sum(len(f) for f, _ in parts) > 350:
                        break
                    other = pairs[i]
                    if "«" in other[0] or '"' in other[1] or not _PROSE.match(other[0]):
                        break
                    if rng.random() < 0.03:
                        parts.append(("(...)", "(...)"))
                    parts.append(other)
                    i += 1
                pair = " ".join(p[0] for p in parts), " ".join(p[1] for p in parts)
                if len(parts) > 1 and rng.random() < 0.35 and '"' not in pair[1]:
                    pair = self._speech(pair, rng)
            out.append(typography.dress(pair, rng))
        return out

    def _change(self, pair: Pair, rng: random.Random) -> Pair:
        r = self.rates
        if rng.random() < r.number:
            pair = _number(pair, rng)
        draw = rng.random()
        for rate, change in ((r.speech, self._speech), (r.dateline, _dateline), (r.headline, _headline), (r.upper, _upper), (r.title, _title),
                             (r.ellipsis, _ellipsis), (r.term, self.annotate), (r.placeholder, _placeholder)):  # fmt: skip
            if draw < rate:
                return change(pair, rng)
            draw -= rate
        return pair

    def _speech(self, pair: Pair, rng: random.Random) -> Pair:
        """« Sentence », a déclaré X."""
        fr, en = pair
        if not _PROSE.match(fr) or not en.endswith(".") or "«" in fr:
            return pair
        kind = rng.random()
        if kind < 0.2:
            return f"«{fr}»", f'"{en}"'
        if kind < 0.5:
            f, e = rng.choice(_INVERTED)
            return f"«{fr[:-1]}», {f}.", f'"{en[:-1]}," {e}.'
        (nf, ne), (f, e) = _person(rng), rng.choice(_SAID)
        if kind < 0.8:
            return f"«{fr[:-1]}», {f} {nf}.", f'"{en[:-1]}," {ne} {e}.'
        return f"{nf[0].upper()}{nf[1:]} {f}: «{fr}»", f'{ne[0].upper()}{ne[1:]} {e}: "{en}"'

    def annotate(self, pair: Pair, rng: random.Random) -> Pair:
        """Annotates a source term with the target that it must get: see term() for the form."""
        fr, en = pair
        words = list(re.finditer(r"[\w'-]*\w", fr))
        rng.shuffle(words)
        for w in words[:12]:
            target = next((t for t in self.lexicon.get(w[0], ()) if re.search(rf"\b{re.escape(t)}\b", en)), None)
            if target is None and w[0][0].isupper() and w.start() > 0 and len(w[0]) > 3 and re.search(rf"\b{re.escape(w[0])}\b", en):
                target = w[0]
            if target is None or len(re.findall(rf"\b{re.escape(target)}\b", en)) != 1:
                continue
            required = target
            if rng.random() < self.rates.invented and target[0].isupper():  # something it could not have guessed
                required = rng.choice(_INVENTED).replace("_", " ")
                pattern = rf"\b(?:[Tt]he )?{re.escape(target)}\b" if required.startswith("the ") else rf"\b{re.escape(target)}\b"
                en = re.sub(pattern, required, en)
            elif self.rates.invented > 0 and rng.random() < 0.3 and target.endswith("s") and len(target) > 4 and not target.endswith("ss"):
                required = target[:-1]  # the base form: the model inflects
            return fr[: w.start()] + term(w[0], required) + fr[w.end() :], en
        return pair


def term(source: str, required: str) -> str:
    """A source term with its required target, as the engine gives it to the model."""
    return f"__source__ {source} __target__ {required} __done__"


def _name(options: Sequence[str], rng: random.Random) -> Pair:
    f, _, e = rng.choice(options).partition("=")
    return f, e or f


def _person(rng: random.Random) -> Pair:
    (ff, fe), (lf, le) = _name(_FIRST, rng), _name(_LAST, rng)
    kind = rng.random()
    if kind < 0.3:
        return f"M. {lf}", f"Mr. {le}"
    if kind < 0.6:
        return f"{ff} {lf}", f"{fe} {le}"
    role = rng.choice(_ROLES)
    return f"{role[0]} {ff} {lf}", f"{role[1]} {fe} {le}"


def _dateline(pair: Pair, rng: random.Random) -> Pair:
    place, month, day, year = rng.choice(_PLACES), rng.choice(_MONTHS), rng.randint(1, 31), rng.randint(1990, 2030)
    agency = rng.choice(_AGENCIES).replace("_", " ")
    dash = rng.choice(("-", "-", "–", "—"))
    fr, en = place
    if rng.random() < 0.75:
        fr, en = fr.upper(), en.upper()
    date = rng.random()
    if date < 0.4:
        fr, en = f"{fr}, {day} {rng.choice(month[:2])} {year}", f"{en}, {month[3]} {day}, {year}"
    elif date < 0.7:
        fr, en = f"{fr}, {'1er' if day == 1 else day} {rng.choice(month[:2])}", f"{en}, {month[3]} {day}"
    if rng.random() < 0.85:
        fr, en = f"{fr} ({agency})", f"{en} ({agency})"
    return f"{fr} {dash} {pair[0]}", f"{en} {dash} {pair[1]}"


def _headline(pair: Pair, rng: random.Random) -> Pair:
    fr, en = pair
    if fr.endswith(".") and en.endswith(".") and not fr.endswith("..") and len(fr) < 110:
        fr, en = fr[:-1], en[:-1]
        if rng.random() < 0.2:
            (f, e) = rng.choice(_PLACES)
            fr, en = f"{f}: {fr[0].lower()}{fr[1:]}", f"{e}: {en}"
    return fr, en


def _upper(pair: Pair, rng: random.Random) -> Pair:
    fr, en = pair
    if len(fr) > 120:
        return pair
    fr = fr.upper()
    if rng.random() < 0.4:  # typewriters' capitals have no accents
        fr = "".join(c for c in unicodedata.normalize("NFD", fr) if unicodedata.category(c) != "Mn")
    return fr.rstrip("."), en.upper().rstrip(".")


def _title(pair: Pair, rng: random.Random) -> Pair:
    fr, en = pair
    if len(fr) > 90:
        return pair
    return " ".join(w[:1].upper() + w[1:] for w in fr.rstrip(".").split()), " ".join(w[:1].upper() + w[1:] for w in en.rstrip(".").split())


def _ellipsis(pair: Pair, rng: random.Random) -> Pair:
    mark = rng.choice(("(...)", "(...)", "[...]"))
    if rng.random() < 0.5:
        return f"{pair[0]} {mark}", f"{pair[1]} {mark}"
    return f"{mark} {pair[0]}", f"{mark} {pair[1]}"


def _number(pair: Pair, rng: random.Random) -> Pair:
    """Other digits in a number that both sides have, so that numbers are copied and not remembered."""
    fr, en = pair
    for m in _INTEGER.finditer(fr):
        if len(_INTEGER.findall(fr)) <= 4 and en.count(m[0]) == 1 and fr.count(m[0]) == 1:
            n = str(rng.randint(11, 99) if len(m[0]) == 2 else rng.randint(100, 999))
            fs, es = n, n
            if len(n) == 3 and rng.random() < 0.3:
                thousands = rng.randint(0, 999)
                fs, es = f"{n} {thousands:03d}", f"{n},{thousands:03d}"
            if len(m[0]) == 2 and re.search(rf"{m[0]} (?:{'|'.join(x[0] for x in _MONTHS)})", fr):
                continue
            return fr.replace(m[0], fs), en.replace(m[0], es)
    return pair


def _placeholder(pair: Pair, rng: random.Random) -> Pair:
    """A name that both sides have becomes an opaque token, which is copied."""
    fr, en = pair
    for m in _CAPITALS.finditer(fr):
        if en.count(m[0]) == 1 and fr.count(m[0]) == 1:
            n = rng.randint(0, 30)
            token = rng.choice((f"⟦{n}⟧", f"⟦T{n}⟧", f"XQ{n}X", f"TERM{n}", f"{{{n}}}", f"<x id=\"{n}\"/>", f"__{n}__", f"[{n}]", f"%{n}$s"))
            return fr.replace(m[0], token), en.replace(m[0], token)
    return pair
