"""Settings: what the environment says, read once at the edge and passed inwards."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, PrivateAttr, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, InitSettingsSource, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from domain.shared.logo import Logo

ROOT = Path(__file__).resolve().parents[2]

Port = Annotated[int, Field(ge=1, le=65535)]
Rate = Annotated[str, Field(pattern=r"^[1-9][0-9]* per (second|minute|hour)$")]
Words = Annotated[tuple[str, ...], NoDecode]
"""A tuple that the environment gives as words with commas between them."""


def _at(port_field: str) -> Any:
    """A default address on this machine, at the port that another field holds."""
    return Field(default_factory=lambda values: f"http://localhost:{values[port_field]}")


def _same_as(field: str) -> Any:
    return Field(default_factory=lambda values: values[field])


def _from_files(settings: type[BaseSettings]) -> dict[str, Any]:
    """Read what SHOP_<FIELD>_FILE names: how Docker, Kubernetes and systemd hand secrets to a process."""
    named = {field: os.environ.get(f"SHOP_{field.upper()}_FILE") for field in settings.model_fields}
    return {field: Path(path).read_text(encoding="utf-8").strip() for field, path in named.items() if path}


class Settings(BaseSettings):
    """Everything the store can be told from outside; each field is the variable SHOP_<FIELD>."""

    model_config = SettingsConfigDict(env_prefix="SHOP_", frozen=True, extra="ignore", env_ignore_empty=True)

    database_url: str
    database_replica_url: str | None = None
    redis_url: str | None = None
    secret_key: SecretStr = Field(min_length=16)

    host: str = "127.0.0.1"
    storefront_port: Port = 8000
    admin_port: Port = 8001
    sandbox_port: Port = 8002
    storefront_url: str = _at("storefront_port")
    admin_url: str = _at("admin_port")
    sandbox_url: str = _at("sandbox_port")
    # The same two places as one part of the store reaches the other, where that is not the public address.
    storefront_internal_url: str = _same_as("storefront_url")
    sandbox_internal_url: str = _same_as("sandbox_url")
    trusted_hosts: Words = ()
    trusted_hops: int = Field(default=0, ge=0, le=9)

    name: str = "Cornershop"
    address: Words = ()
    tax_number: str | None = None
    currency: str = Field(default="EUR", pattern=r"^[A-Z]{3}$")
    country: str = Field(default="IE", pattern=r"^[A-Z]{2}$")
    prices_include_tax: bool = True
    locale: str = "en_GB"
    timezone: str = "Europe/Dublin"
    return_days: int = Field(default=30, ge=0, le=3650)

    page_cache: bool = True

    rate_limits: bool = True
    rate_sign_in: Rate = "120 per minute"
    rate_search: Rate = "300 per minute"
    rate_write: Rate = "600 per minute"
    rate_api: Rate = "600 per minute"
    api_origins: Words = ()

    staff_second_factor: bool = True
    staff_session_hours: int = Field(default=12, ge=1, le=168)
    staff_idle_minutes: int = Field(default=120, ge=5, le=1440)

    smtp_host: str | None = None
    smtp_port: Port = 1025
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_tls: bool = False
    mail_from: str = Field(default_factory=lambda values: f"{values['name']} <hello@cornershop.test>")

    mail_reply_to: str | None = None
    mail_by: Literal["smtp", "ses"] = "smtp"
    ses_configuration_set: str | None = None
    ses_feedback_queue: str | None = None
    sms_by: Literal["off", "sns"] = "off"
    sms_sender: str | None = Field(default=None, pattern=r"^[A-Za-z0-9]{3,11}$")
    quiet_from: int = Field(default=21, ge=0, le=23)
    quiet_until: int = Field(default=8, ge=0, le=23)
    event_bus: str | None = None
    media_bucket: str | None = None
    media_url: str | None = None
    aws_region: str | None = None
    aws_endpoint_url: str | None = None

    gateways: Words = ("demo",)
    demo_gateway_secret: SecretStr | None = Field(default=None, min_length=16)
    stripe_secret_key: SecretStr | None = None
    stripe_webhook_secret: SecretStr | None = None
    stripe_capture: Literal["automatic", "manual"] = "automatic"
    stripe_api_base: str | None = None
    bank_holder: str = Field(default_factory=lambda values: values["name"])
    bank_iban: str | None = None
    bank_bic: str | None = None
    bank_name: str | None = None
    bank_days: int = Field(default=7, ge=1, le=60)

    var: Path = ROOT / "var"
    web_workers: int = Field(default=1, ge=1, le=64)
    web_threads: int = Field(default=4, ge=1, le=64)
    drain_seconds: float = Field(default=0, ge=0, le=90)
    worker_processes: int = Field(default=2, ge=1, le=64)
    telemetry: Literal["off", "console", "file", "otlp"] = "off"
    database_pool_size: int = Field(default_factory=lambda values: values["web_threads"], ge=1, le=100)

    _logo: Logo | None = PrivateAttr(default=None)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment, and then the files that it names for what should not stand in it."""
        return init_settings, env_settings, InitSettingsSource(settings_cls, init_kwargs=_from_files(settings_cls))

    @field_validator("gateways", "trusted_hosts", "address", "api_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(word.strip() for word in value.split(",") if word.strip())
        return value

    @field_validator("database_url", "database_replica_url")
    @classmethod
    def _with_driver(cls, value: str | None) -> str | None:
        """Name the driver, so that an address as hosting companies print it works as it is."""
        if value is None:
            return None
        for scheme in ("postgres://", "postgresql://"):
            if value.startswith(scheme):
                return "postgresql+psycopg://" + value.removeprefix(scheme)
        if not value.startswith("postgresql+psycopg://"):
            raise ValueError("It must start with postgresql://")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis_scheme(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("It must start with redis://, rediss:// or unix://")
        return value

    @field_validator("media_url")
    @classmethod
    def _media_base(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("It must start with http:// or https://")
        return value.rstrip("/") if value else None

    @field_validator("storefront_url", "admin_url", "sandbox_url", "storefront_internal_url", "sandbox_internal_url")
    @classmethod
    def _base_url(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("It must start with http:// or https://")
        return value.rstrip("/")

    @field_validator("var")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @model_validator(mode="after")
    def _gateways_have_what_they_need(self) -> Self:
        if "demo" in self.gateways and self.demo_gateway_secret is None:
            raise ValueError("SHOP_DEMO_GATEWAY_SECRET is needed while SHOP_GATEWAYS has demo in it")
        if "stripe" in self.gateways and not (self.stripe_secret_key and self.stripe_webhook_secret):
            raise ValueError(
                "SHOP_STRIPE_SECRET_KEY and SHOP_STRIPE_WEBHOOK_SECRET are needed while SHOP_GATEWAYS has stripe in it"
            )
        if self.aws_region is None and (self.mail_by == "ses" or self.sms_by == "sns" or self.event_bus):
            raise ValueError("SHOP_AWS_REGION is needed for mail by SES, text messages by SNS and a mirror of events")
        if "bank" in self.gateways and not self.bank_iban:
            raise ValueError("SHOP_BANK_IBAN is needed while SHOP_GATEWAYS has bank in it")
        return self

    @property
    def logo(self) -> Logo | None:
        """The shop's logo, which only its owner can decide."""
        return self._logo

    def with_logo(self, logo: Logo | None) -> Self:
        """Return the same settings with this logo."""
        copy = self.model_copy()
        copy._logo = logo
        return copy

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the shop's days begin."""
        return ZoneInfo(self.timezone)

    @property
    def media_dir(self) -> Path:
        """Where product pictures lie when they lie on this machine."""
        return self.var / "media"

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies may travel by HTTPS only: they may where the storefront itself does."""
        return self.storefront_url.startswith("https://")
