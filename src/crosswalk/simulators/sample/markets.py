"""The markets of the sample shop: how people there are called, live and telephone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Market:
    """One country in one language.

    In a pattern every ``#`` stands for a digit. A name that Latin letters cannot
    write has its e-mail spelling after a slash.
    """

    #: ISO 3166-1 alpha-2.
    country: str
    #: The store that serves it, by key.
    store: str
    #: ISO 4217.
    currency: str
    #: The country's calling code, with the plus.
    calling: str
    #: What a national number begins with and an international one omits.
    trunk: str = "0"
    landline: str
    mobile: str
    postcode: str
    cities: tuple[str, ...]
    streets: tuple[str, ...]
    #: States or regions, where addresses name them.
    states: tuple[str, ...] = field(default=())
    firsts: tuple[str, ...]
    lasts: tuple[str, ...]
    salutations: tuple[str, str]


def words(text: str) -> tuple[str, ...]:
    """Split a list of names without blanks in them."""
    return tuple(text.split())


GERMAN_FIRSTS: Final = words(
    "Anna Jürgen Lena Björn Käthe Moritz Sabine Götz Frieda Emil Jana Uwe"
)
GERMAN_LASTS: Final = words(
    "Schmidt Müller Krüger Jäger Köhler Weber Brandt Vogel Lüders Kaiser Thiel"
)
FRENCH_FIRSTS: Final = words("Chloé Hélène Loïc Jules Margaux René Aimée Luc")
FRENCH_LASTS: Final = words(
    "Lefèvre Moreau Girard Dubois Béranger Fontaine Noël Blanchard"
)
ENGLISH_FIRSTS: Final = words(
    "Grace Oliver Harriet Noah Zoe Callum Ruby Ethan Maya Desmond"
)
ENGLISH_LASTS: Final = words(
    "Whitfield Okafor Barnes Hughes Patel Sinclair Ramsey Doyle Mercer"
)

MARKET: Final[Mapping[str, Market]] = {
    "de-DE": Market(
        country="DE",
        store="dach",
        currency="EUR",
        calling="+49",
        landline="030 5######",
        mobile="0171 5######",
        postcode="1####",
        cities=("Berlin", "Köln", "Görlitz", "München"),
        streets=("Lindenstraße", "Am Mühlbach", "Gartenweg"),
        firsts=GERMAN_FIRSTS,
        lasts=GERMAN_LASTS,
        salutations=("Frau", "Herr"),
    ),
    "de-AT": Market(
        country="AT",
        store="dach",
        currency="EUR",
        calling="+43",
        landline="01 5######",
        mobile="0664 5######",
        postcode="10#0",
        cities=("Wien", "Graz", "Bärnbach"),
        streets=("Rosengasse", "Ringstraße"),
        firsts=GERMAN_FIRSTS,
        lasts=("Gruber", "Pichler", "Höller", "Leitner", "Moser"),
        salutations=("Frau", "Herr"),
    ),
    "de-CH": Market(
        country="CH",
        store="dach",
        currency="CHF",
        calling="+41",
        landline="044 5## ## ##",
        mobile="079 5## ## ##",
        postcode="80##",
        cities=("Zürich", "Bern", "Chur"),
        streets=("Bahnhofstrasse", "Seeweg"),
        firsts=GERMAN_FIRSTS,
        lasts=("Frei", "Zürcher", "Keller", "Bühler", "Meier"),
        salutations=("Frau", "Herr"),
    ),
    "fr-CH": Market(
        country="CH",
        store="france",
        currency="CHF",
        calling="+41",
        landline="022 5## ## ##",
        mobile="079 5## ## ##",
        postcode="12##",
        cities=("Genève", "Lausanne"),
        streets=("Rue du Lac", "Chemin des Crêts"),
        firsts=FRENCH_FIRSTS,
        lasts=FRENCH_LASTS,
        salutations=("Madame", "Monsieur"),
    ),
    "fr-FR": Market(
        country="FR",
        store="france",
        currency="EUR",
        calling="+33",
        landline="01 42 ## ## ##",
        mobile="06 12 ## ## ##",
        postcode="75###",
        cities=("Paris", "Besançon", "Orléans"),
        streets=("Rue des Lilas", "Allée du Château"),
        firsts=FRENCH_FIRSTS,
        lasts=FRENCH_LASTS,
        salutations=("Mme", "M."),
    ),
    "nl-NL": Market(
        country="NL",
        store="benelux",
        currency="EUR",
        calling="+31",
        landline="020 5######",
        mobile="06 2#######",
        postcode="10## AB",
        cities=("Amsterdam", "'s-Hertogenbosch", "Utrecht"),
        streets=("Kerkstraat", "Prinsengracht"),
        firsts=("Daan", "Fleur", "Joost", "Maud", "Sanne", "Ruben"),
        lasts=("de Vries", "van der Meer", "in 't Veld", "Bakker", "Smit"),
        salutations=("Mevrouw", "De heer"),
    ),
    "en-GB": Market(
        country="GB",
        store="uk",
        currency="GBP",
        calling="+44",
        landline="020 7946 0###",
        mobile="07400 12####",
        postcode="SW1A #AA",
        cities=("London", "Leeds", "Stow-on-the-Wold"),
        streets=("Mill Lane", "High Street"),
        firsts=ENGLISH_FIRSTS,
        lasts=ENGLISH_LASTS,
        salutations=("Ms", "Mr"),
    ),
    "en-US": Market(
        country="US",
        store="us",
        currency="USD",
        calling="+1",
        trunk="",
        landline="(212) 555-01##",
        mobile="(917) 555-01##",
        postcode="100##",
        cities=("New York", "Albany", "Buffalo"),
        streets=("Maple Avenue", "W 4th Street"),
        states=("NY", "NJ", "CT"),
        firsts=ENGLISH_FIRSTS,
        lasts=ENGLISH_LASTS,
        salutations=("Ms.", "Mr."),
    ),
    "ja-JP": Market(
        country="JP",
        store="japan",
        currency="JPY",
        calling="+81",
        landline="03-5###-####",
        mobile="090-5###-####",
        postcode="100-####",
        cities=("東京", "大阪"),
        streets=("千代田", "丸の内"),
        states=("東京都", "大阪府"),
        firsts=("太郎/taro", "美咲/misaki", "健太/kenta", "さくら/sakura"),
        lasts=("佐藤/sato", "鈴木/suzuki", "高橋/takahashi", "渡辺/watanabe"),
        salutations=("様", "様"),
    ),
    "sv-SE": Market(
        country="SE",
        store="nordics",
        currency="SEK",
        calling="+46",
        landline="08-5## ### ##",
        mobile="070-17# ## ##",
        postcode="11# ##",
        cities=("Stockholm", "Malmö", "Växjö"),
        streets=("Björkvägen", "Storgatan"),
        firsts=("Åsa", "Göran", "Elin", "Örjan", "Maja"),
        lasts=("Lindström", "Åkesson", "Nyberg", "Hedlund"),
        salutations=("Fru", "Herr"),
    ),
    "nb-NO": Market(
        country="NO",
        store="nordics",
        currency="NOK",
        calling="+47",
        trunk="",
        landline="22 4# ## ##",
        mobile="412 ## ###",
        postcode="01##",
        cities=("Oslo", "Tromsø", "Ålesund"),
        streets=("Fjordveien", "Kirkegata"),
        firsts=("Søren/soren", "Ingrid", "Håkon", "Solveig"),
        lasts=("Bjørnstad/bjornstad", "Haugen", "Lie", "Østby/ostby"),
        salutations=("Fru", "Herr"),
    ),
    "pl-PL": Market(
        country="PL",
        store="outlet-eu",
        currency="PLN",
        calling="+48",
        trunk="",
        landline="22 5## ## ##",
        mobile="601 ### ###",
        postcode="00-###",
        cities=("Warszawa", "Łódź", "Kraków"),
        streets=("Lipowa", "Świętojańska"),
        firsts=("Łucja/lucja", "Michał/michal", "Zofia", "Paweł/pawel"),
        lasts=("Wójcik", "Kamiński", "Zając", "Dąbrowska"),
        salutations=("Pani", "Pan"),
    ),
    "pt-BR": Market(
        country="BR",
        store="brazil",
        currency="BRL",
        calling="+55",
        trunk="",
        landline="(11) 3###-####",
        mobile="(11) 9####-####",
        postcode="01###-###",
        cities=("São Paulo", "Belém"),
        streets=("Rua das Flores", "Avenida Central"),
        states=("SP", "PA"),
        firsts=("João", "Conceição", "Thiago", "Luíza"),
        lasts=("da Silva", "Gonçalves", "Araújo", "Souza"),
        salutations=("Sra.", "Sr."),
    ),
    "uk-UA": Market(
        country="UA",
        store="outlet-eu",
        currency="UAH",
        calling="+380",
        landline="044 5## ## ##",
        mobile="067 5## ## ##",
        postcode="010##",
        cities=("Київ", "Львів"),
        streets=("вулиця Садова", "вулиця Паркова"),
        firsts=("Оксана/oksana", "Богдан/bohdan", "Марія/mariia"),
        lasts=("Шевчук/shevchuk", "Коваль/koval", "Мельник/melnyk"),
        salutations=("Пані", "Пан"),
    ),
    "ar-KW": Market(
        country="KW",
        store="gulf",
        currency="KWD",
        calling="+965",
        trunk="",
        landline="2224 ####",
        mobile="990# ####",
        postcode="130##",
        cities=("مدينة الكويت", "حولي"),
        streets=("شارع الخليج", "شارع سالم"),
        firsts=("فاطمة/fatima", "يوسف/yousef", "مريم/maryam"),
        lasts=("العتيبي/alotaibi", "الصباح/alsabah", "حداد/haddad"),
        salutations=("السيدة", "السيد"),
    ),
}
