"""Embedded Postgres and Redis for when no DATABASE_URL / REDIS_URL is given. (The platform helper completes this.)"""


def database_url() -> str:
    return ""


def redis_url() -> str:
    return ""


def celery_url(redis_url: str) -> str:
    return redis_url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")


def secret_key() -> str:
    return "dev"
