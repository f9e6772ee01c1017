"""Transforms of amounts: exact, never through floats."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Literal

from crosswalk.domain.context import Context, TransformError, kind_of
from crosswalk.domain.model import Json


def decimal(value: Json, _: Context) -> str:
    """Write a number as plain decimal text, digit for digit as it was spelled."""
    try:
        amount = Decimal(repr(value) if isinstance(value, float) else str(value))
    except InvalidOperation:
        amount = Decimal("nan")
    if isinstance(value, bool) or not amount.is_finite():
        raise TransformError(
            f"a number was expected, not {kind_of(value)}", "map a number"
        )
    return format(amount, "f")


def money(
    value: Json, _: Context, *, form: Literal["amount", "currency", "both"] = "amount"
) -> str:
    """Write a commercetools money value as exact decimal text, its currency, or both.

    The rounded ``centAmount`` of a highPrecision value is not used, and the zero of
    codes such as ``CZK0`` (the same currency without digits) is not shown.
    """
    if not isinstance(value, Mapping) or "currencyCode" not in value:
        raise TransformError(
            f"a money value was expected, not {kind_of(value)}",
            "map the whole money object, or use decimal for a plain number",
        )
    currency = str(value["currencyCode"]).removesuffix("0")
    if form == "currency":
        return currency
    amount = _amount(value)
    return amount if form == "amount" else f"{amount} {currency}"


def _amount(value: Mapping[str, Json]) -> str:
    """Place the decimal point; the digits stay as they are."""
    units = value.get("preciseAmount", value.get("centAmount"))
    digits = value.get("fractionDigits")
    if not isinstance(units, int) or not isinstance(digits, int):
        raise TransformError(
            "the money value lacks its amount or its fraction digits",
            "map a money value as the shop answers it",
        )
    sign, figures, _ = Decimal(units).as_tuple()
    return format(Decimal((sign, figures, -digits)), "f")
