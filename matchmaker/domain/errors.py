"""Refusals by name. They carry facts, never sentences: the web layer and the commands word them."""

from __future__ import annotations

from datetime import timedelta


class DomainError(Exception):
    """Something a person asked for that a rule does not allow."""


class NotFoundError(DomainError):
    """There is no such thing, or not for this person."""


class TransitionError(DomainError):
    """A state may not change in this way."""

    def __init__(self, noun: str, current: str, wanted: str) -> None:
        self.noun, self.current, self.wanted = noun, current, wanted
        super().__init__(f"{noun}: {current} -> {wanted} is not allowed")


class WrongPhaseError(DomainError):
    """The round is in a phase in which this cannot be done."""

    def __init__(self, phase: str) -> None:
        self.phase = phase
        super().__init__(f"not in phase {phase}")


class RunNotUsableError(DomainError):
    """The run has no result that the checker passed."""


class RunOutdatedError(DomainError):
    """The input changed after the run started, so its verdict is about another problem."""


class RunImaginedError(DomainError):
    """The run counts on places or distances that do not exist, so its result cannot be published."""


class UnknownScenarioHostError(DomainError):
    """The settings of a run name a host that takes no part in the round."""


class AnalysisActiveError(DomainError):
    """The same analysis is waiting or running already."""


class RunActiveError(DomainError):
    """Another run of this round is waiting or running."""


class RunTooLateError(DomainError):
    """The run has ended already, so there is nothing to cancel."""


class PasswordRefusedError(DomainError):
    """The password is wrong, or there is nothing that it could open."""


class WeakPasswordError(DomainError):
    """The password is too short, too long or easy to guess."""

    def __init__(self, weakness: str) -> None:
        self.weakness = weakness
        super().__init__(f"password refused: {weakness}")


class SecondFactorError(DomainError):
    """The code of the second step is wrong or was used before."""


class TooManyAttemptsError(DomainError):
    """Somebody tried too often to get in."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(f"too many attempts, wait {wait}")


class JoiningClosedError(DomainError):
    """The region takes no requests to join now."""


class JoinRequestDecidedError(DomainError):
    """Somebody decided on the request already."""


class EditConflictError(DomainError):
    """Somebody else saved the same thing after this page was opened."""


class SignInCodeError(DomainError):
    """The code or link is wrong, used, replaced, too old or tried too often."""


class InvitationError(DomainError):
    """The invitation is unknown, used, withdrawn, replaced or too old: all look the same from outside."""


class AlreadyMemberError(DomainError):
    """Who is invited has the role already."""


class UnusableAddressError(DomainError):
    """No mail can be addressed to this e-mail address."""


class RoleNotAllowedError(DomainError):
    """This role does not exist there, or this person may not give it."""


class TooManyInvitationsError(DomainError):
    """The address was invited so often lately that one more mail would only annoy."""


class TooManyTrialsError(DomainError):
    """Somebody sent so many trial mails lately that one more tells nothing new."""


class MessageOutdatedError(DomainError):
    """What the message tells is over, has changed, or was told anew: it would only confuse."""


class MessageTextGoneError(DomainError):
    """The text of the message is no longer kept, so it cannot be sent again."""


class OutsideSignInError(DomainError):
    """Signing in elsewhere did not work out; `provider` is its name, empty when it is not known."""

    def __init__(self, provider: str = "") -> None:
        self.provider = provider
        super().__init__(provider)


class StaleReturnError(OutsideSignInError):
    """Somebody comes back who did not leave from here, left too long ago, or was back already."""


class ProviderUnreachableError(OutsideSignInError):
    """The provider does not answer in time, or says itself that it cannot."""


class ProviderRefusalError(OutsideSignInError):
    """The person stopped at the provider, or it did not let them through."""


class ProviderAnswerError(OutsideSignInError):
    """The provider's answer does not prove who somebody is."""


class UnknownIdentityError(DomainError):
    """Nobody who may sign in here is linked to this identity."""


class IdentityTakenError(DomainError):
    """The identity is linked to somebody else already."""


class LastOrganiserError(DomainError):
    """Without this person nobody could run these regions."""

    def __init__(self, regions: tuple[str, ...]) -> None:
        self.regions = regions
        super().__init__("the last organiser of a region")


class NoCalendarLinkError(DomainError):
    """Somebody wants mails without appointments and subscribes to no calendar that has them."""


class NothingToAskError(DomainError):
    """The visit does not stand, is going on just now, or was too long ago to ask about."""


class TooManyQuestionsError(DomainError):
    """Several questions went out within a day already, to this address or about this visit."""


class AnswerRefusedError(DomainError):
    """The answer does not belong to the question."""


class TooManyAnswersError(DomainError):
    """This question was answered in so many different ways that a call is better."""


class QuestionGoneError(NotFoundError):
    """The link of a question is unknown, withdrawn, replaced or too old: all look the same from outside."""


class VisitGoneError(DomainError):
    """The visit, or the slot that it was in, was called off already."""


class VisitBegunError(DomainError):
    """The visit has begun, or is over: it cannot be called off or moved any more."""


class NothingMovedError(DomainError):
    """The slot is at this time and place already."""


class MomentPastError(DomainError):
    """The new time is not in the future."""


class GroupsCannotComeError(DomainError):
    """Who comes cannot come at the new time; `is_final` when nobody can wave that through."""

    def __init__(self, *, is_final: bool) -> None:
        self.is_final = is_final
        super().__init__("groups cannot come at the new time")
