"""The settings that come from the environment: where things are, and the keys to them.

Each is declared once, here. What `environment` reads and refuses, and what the
reference page says, follows from the declarations.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
)
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from crosswalk.settings.refused import problem
from crosswalk.settings.urls import (
    crm_url,
    shop_api_url,
    shop_auth_url,
    web_address,
)

PREFIX: Final = "CROSSWALK_"
NEST: Final = "__"
#: Ends the name of the variable that says which file holds a secret.
FILE: Final = "_FILE"
#: Read from the current folder when nothing else is named.
CONFIG_NAME: Final = "crosswalk.yaml"


@dataclass(frozen=True, slots=True)
class Default:
    """What people read as a setting's default where its value would not tell."""

    text: str


def _word(value: str) -> str:
    if not value or not value.replace("-", "").replace("_", "").isalnum():
        remedy = "copy it from the Merchant Center: letters, digits, - and _"
        raise problem("E130", "is no project key", remedy)
    return value


def _auth(url: str, info: ValidationInfo) -> str:
    return shop_auth_url(url, api_url=info.data.get("api_url"))


def _scopes(value: str, info: ValidationInfo) -> str:
    """Check that every scope is of this project; answers them one blank apart."""
    project = info.data.get("project_key")
    for scope in value.split():
        if project and scope.split(":")[1:2] != [project]:
            what = f"names '{scope}', which is no scope of project '{project}'"
            raise problem("E131", what, f"write it as permission:{project}")
    return " ".join(value.split())


def _key(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value()
    if value.lower().startswith("token token="):
        raise problem("E132", "begins with 'Token token='", "give the key alone")
    if any(character.isspace() for character in value):
        raise problem("E132", "has a blank in it", "copy the key again, without it")
    return secret


def _database(secret: SecretStr) -> SecretStr:
    scheme = secret.get_secret_value().partition("://")[0]
    if scheme not in {"postgresql", "postgres"}:
        remedy = "write postgresql://user:password@host/database"
        raise problem("E133", "is no PostgreSQL address", remedy)
    return secret


Url = Annotated[str, AfterValidator(web_address)]
Key = Annotated[SecretStr, AfterValidator(_key)]
Calls = Annotated[int, Field(ge=1)]
Region = Literal[
    "us-central1.gcp",
    "us-east-2.aws",
    "europe-west1.gcp",
    "eu-central-1.aws",
    "australia-southeast1.gcp",
]


class Group(BaseModel):
    """Settings that begin with one name."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Commercetools(Group):
    """The shop."""

    region: Annotated[Region | None, Default("none")] = Field(
        default=None,
        description="The region the project lives in; fills in both addresses.",
    )
    api_url: Annotated[Url, AfterValidator(shop_api_url), Default("by region")] = Field(
        description="Where the HTTP API is; needed where no region is given."
    )
    auth_url: Annotated[Url, AfterValidator(_auth), Default("by region")] = Field(
        description="Where tokens are handed out; needed where no region is given."
    )
    project_key: Annotated[str, AfterValidator(_word)] = Field(
        description="The key of the project."
    )
    client_id: str = Field(description="The id of the API client.")
    client_secret: Key = Field(description="The secret of the API client.")
    scopes: Annotated[str, AfterValidator(_scopes), Default("all it has")] = Field(
        default="",
        description="The scopes to ask for, a blank between two of them.",
    )


class Freshsales(Group):
    """The CRM."""

    url: Annotated[Url, AfterValidator(crm_url)] = Field(
        description="The account's address: https://<alias>.myfreshworks.com/crm/sales."
    )
    api_key: Key = Field(description="The API key of the user that Crosswalk acts as.")
    calls_per_hour: Calls = Field(
        default=1000,
        description="Calls an hour that the account's plan allows, for all its apps.",
    )
    calls_per_minute: Calls = Field(
        default=400,
        description="Calls a minute that the account's plan allows, for all its apps.",
    )


class Settings(BaseSettings):
    """What all settings have in common."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=NEST,
        extra="forbid",
        frozen=True,
        validate_default=False,
        hide_input_in_errors=True,
    )

    @classmethod
    def settings_customise_sources(  # noqa: PLR0917 - the signature is the library's
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take only what is passed in: the environment is an argument."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


class Local(Settings):
    """What every command needs, whether or not it speaks to either side."""

    data_dir: Annotated[
        Path, Default("/var/lib/crosswalk as root, else ~/.local/share/crosswalk")
    ] = Field(description="The folder that everything is kept in.")
    database_url: Annotated[
        SecretStr | None,
        AfterValidator(_database),
        Default("a PostgreSQL of its own in the data directory"),
    ] = Field(
        default=None, description="The PostgreSQL database to use: postgresql://..."
    )
    config: Annotated[
        Path | None,
        Default(f"{CONFIG_NAME} in the current folder, else the built-in one"),
    ] = Field(default=None, description="The configuration file.")


class ShopSide(Settings):
    """What it takes to speak to the shop."""

    commercetools: Commercetools


class CrmSide(Settings):
    """What it takes to speak to the CRM."""

    freshsales: Freshsales


class Environment(CrmSide, ShopSide, Local):
    """What a command needs that speaks to both sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A setting as people read about it."""

    #: The variable's name.
    name: str
    #: None when it has to be set.
    default: str | None
    #: Whether it may also be read from the file that ``<name>_FILE`` names.
    secret: bool
    help: str


def describe() -> Iterator[Setting]:
    """Tell every setting there is, in the order of declaration."""
    yield from (_setting(steps, info) for steps, info in declared(Environment))


def declared(
    model: type[BaseModel], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], FieldInfo]]:
    """Tell every setting of a model, with the names that lead to it."""
    for name, info in model.model_fields.items():
        if isinstance(info.annotation, type) and issubclass(info.annotation, Group):
            yield from declared(info.annotation, (*above, name))
        else:
            yield (*above, name), info


def variable(steps: tuple[str | int, ...]) -> str:
    """Name the variable that a setting is read from."""
    return PREFIX + NEST.join(str(step) for step in steps).upper()


def is_secret(info: FieldInfo) -> bool:
    """Say whether a setting's value is never to be shown."""
    return SecretStr in {info.annotation, *get_args(info.annotation)}


def _setting(steps: tuple[str, ...], info: FieldInfo) -> Setting:
    shown = [mark.text for mark in info.metadata if isinstance(mark, Default)]
    value = None if info.is_required() else str(info.default)
    return Setting(
        name=variable(steps),
        default=shown[0] if shown else value,
        secret=is_secret(info),
        help=info.description or "",
    )
