"""Answers: an error as what became of a wish."""

from devicehub.errors import HubError, SafetyRefusal, UsageError
from devicehub.outside import Answer
from profiles.errors import ProfileError


def no(code: str, detail: str) -> Answer:
    """Return a refusal: a word that does not change, and a sentence for people."""
    return Answer(ok=False, code=code, detail=detail)


def refusal(error: BaseException) -> Answer:
    """Return what an error means for whoever asked."""
    if isinstance(error, SafetyRefusal):
        return no("refused", str(error))
    if isinstance(error, UsageError | ProfileError):
        return no("bad_request", str(error))
    if isinstance(error, HubError):
        return no("unreachable", str(error))
    return no("failed", type(error).__name__)
