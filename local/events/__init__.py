"""Events as AWS delivers them: with the version of an object, with retries, and with dead letters."""

from local.events import asynchronous, objects, rules


def install() -> None:
    """S3's events name versions; rules and asynchronous invocations retry and give up as documented."""
    objects.install()
    rules.install()
    asynchronous.install()
