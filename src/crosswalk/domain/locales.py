"""Transforms that depend on country, language or time zone."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.core import get_global

from crosswalk.domain.context import Context, TransformError, kind_of, text_of
from crosswalk.domain.model import Json

#: Codes that shops use and ISO 3166-1 does not.
_CODE_ALIASES: Final = MappingProxyType({"UK": "GB", "EL": "GR"})

#: Names as people choose them from a list, where CLDR's differ.
_NAME_ALIASES: Final = MappingProxyType(
    {
        ("en", "HK"): "Hong Kong",
        ("en", "MO"): "Macao",
        ("en", "MM"): "Myanmar",
        ("en", "CI"): "Côte d'Ivoire",
        ("en", "PS"): "Palestine",
    }
)

#: Alpha-3 codes that CLDR still knows for countries that are no more.
_PAST: Final = frozenset({"BUR", "ZAR", "DDR", "FXX", "TMP", "YMD"})

#: Alpha-2 codes of no country: those that ISO 3166-1 leaves to its users, but for
#: Kosovo's, and the European Union's.
_NO_COUNTRY: Final = re.compile("AA|EU|Q[M-Z]|X[A-JL-Z]|ZZ")

_ALPHA2: Final[Mapping[str, str]] = MappingProxyType(
    {
        code: successors[0]
        for code, successors in get_global("territory_aliases").items()
        if len(code) == 3 and code.isalpha() and code not in _PAST
        if not _NO_COUNTRY.fullmatch(successors[0])
    }
)
_ALPHA3: Final[Mapping[str, str]] = MappingProxyType(
    {alpha2: alpha3 for alpha3, alpha2 in _ALPHA2.items()}
)

_CACHED: Final = 65_536


def e164(
    value: Json,
    context: Context,
    *,
    invalid: Literal["refuse", "drop", "keep"] = "refuse",
) -> str | None:
    """Write a phone number as +4930123456, read in the country of the address.

    A number that no country could have is refused, dropped or kept as it is.
    """
    text = text_of(value).strip()
    written = _e164(text, context.country or context.fallback_region)
    if written is not None:
        return written
    if invalid == "refuse":
        raise TransformError(
            "this is no valid phone number in the country of the address",
            "correct it in the shop, or say e164: {invalid: drop} or {invalid: keep}",
        )
    return text if invalid == "keep" else None


def country(
    value: Json,
    context: Context,
    *,
    form: Literal["name", "alpha2", "alpha3"] = "name",
    language: str | None = None,
) -> str:
    """Write a country code as the country's name, or as another kind of code."""
    alpha2 = _alpha2(text_of(value).strip().upper())
    if alpha2 not in _ALPHA3:
        raise TransformError(
            f"'{value}' is no country code", "give the ISO 3166-1 alpha-2 code"
        )
    if form == "name":
        return _territory(alpha2, language or context.crm_language)
    return alpha2 if form == "alpha2" else _ALPHA3[alpha2]


def language(value: Json, context: Context, *, language: str | None = None) -> str:
    """Write a language code, or the language of a locale, as the language's name."""
    code = text_of(value).strip().replace("_", "-").split("-")[0].lower()
    name = _locale(language or context.crm_language).languages.get(code)
    if name is None:
        raise TransformError(f"'{value}' is no language", "give a code such as de-AT")
    return str(name)


def localized(value: Json, context: Context) -> str | None:
    """Choose from a localized text: by the fallback chain, then any that there is.

    Each language of the chain is looked for as it is, then without its region, then
    with another region; a text that exists is never left out.
    """
    if isinstance(value, str):
        return value
    if not isinstance(value, Mapping):
        raise TransformError(
            f"a localized text was expected, not {kind_of(value)}", "map the object"
        )
    texts = {tag.lower(): text for tag, text in sorted(value.items()) if text}
    for wanted in context.languages:
        tag = wanted.lower()
        stem = tag.split("-")[0]
        kin = next((t for t in texts if t.split("-")[0] == stem), "")
        found = texts.get(tag) or texts.get(stem) or texts.get(kin)
        if found:
            return text_of(found)
    return next((text_of(text) for text in texts.values()), None)


def iso_date(value: Json, context: Context) -> str:
    """Write a day as 2026-01-31; a timestamp as the day in the CRM's time zone."""
    text = text_of(value).strip()
    if len(text) <= 10:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError as error:
            raise _no_time(text) from error
    return _moment(text, context.zone).date().isoformat()


def date_time(value: Json, context: Context) -> str:
    """Write a timestamp in the CRM's time zone, to the second; UTC as Z."""
    moment = _moment(text_of(value).strip(), context.zone)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _moment(text: str, zone: str) -> datetime:
    """Read an ISO 8601 timestamp; one without an offset is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise _no_time(text) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(ZoneInfo(zone))


def _no_time(text: str) -> TransformError:
    return TransformError(f"'{text}' is no ISO 8601 date", "map a date of the shop")


@lru_cache(maxsize=_CACHED)
def _e164(text: str, region: str | None) -> str | None:
    """Write a number internationally; None unless it is valid."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _alpha2(code: str) -> str:
    """Read any kind of country code."""
    return _CODE_ALIASES.get(code) or _ALPHA2.get(code, code)


@lru_cache(maxsize=_CACHED)
def _territory(alpha2: str, language: str) -> str:
    """Name a country; by its code in the rare language that has no name for it."""
    found = _NAME_ALIASES.get((language, alpha2))
    return found or str(_locale(language).territories.get(alpha2, alpha2))


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    """Load the names of a language."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError) as error:
        raise TransformError(
            f"names in the language '{language}' are not known",
            "give a language such as en or de",
        ) from error
