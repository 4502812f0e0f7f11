"""What mail servers say, as the large providers and our own connection word it."""

from __future__ import annotations

import pytest

from matchmaker.domain.mail_problems import MailProblem, classify_answer

ANSWERS = {
    "550 5.1.1 The email account that you tried to reach does not exist.": MailProblem.UNKNOWN_ADDRESS,
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found": MailProblem.UNKNOWN_ADDRESS,
    "550 5.2.1 The email account that you tried to reach is inactive.": MailProblem.UNKNOWN_ADDRESS,
    "550 adres onbekend": MailProblem.UNKNOWN_ADDRESS,
    "550 No such user here": MailProblem.UNKNOWN_ADDRESS,
    "553 sorry": MailProblem.UNKNOWN_ADDRESS,
    "550 5.1.2 host not known": MailProblem.UNKNOWN_DOMAIN,
    "450 4.1.2 Recipient address rejected: Domain not found": MailProblem.UNKNOWN_DOMAIN,
    "452 4.2.2 The email account that you tried to reach is over quota.": MailProblem.MAILBOX_FULL,
    "552 Mailbox full": MailProblem.MAILBOX_FULL,
    "552 5.3.4 Message size exceeds fixed limit": MailProblem.TOO_BIG,
    "552 message exceeds maximum message size": MailProblem.TOO_BIG,
    "550 5.7.1 Service unavailable, client host [5.6.7.8] blocked": MailProblem.HELD_BACK,
    "550 5.7.26 This mail is unauthenticated": MailProblem.HELD_BACK,
    "554 Message rejected as spam": MailProblem.HELD_BACK,
    "554 Relay access denied": MailProblem.HELD_BACK,
    "451 4.7.500 Server busy. Please try again later": MailProblem.LATER,
    "450 4.2.0 Recipient address rejected: Greylisted": MailProblem.LATER,
    "421 Service not available": MailProblem.LATER,
    "432 4.3.2 Concurrent connections limit exceeded": MailProblem.TOO_FAST,
    "421 4.7.28 Gmail has detected an unusual rate of mail": MailProblem.TOO_FAST,
    "452 Too many recipients this hour": MailProblem.TOO_FAST,
    "535 5.7.8 Username and Password not accepted": MailProblem.LOGIN_REFUSED,
    "535 Authentication failed": MailProblem.LOGIN_REFUSED,
    "550 5.1.8 Bad sender's domain": MailProblem.SENDER_REFUSED,
    "smtp.example:587: [SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate": MailProblem.NOT_SECURE,
    "smtp.example:587: STARTTLS extension not supported by server.": MailProblem.NOT_SECURE,
    "smtp.example:587: [Errno 111] Connection refused": MailProblem.UNREACHABLE,
    "smtp.example:587: [Errno -2] Name or service not known": MailProblem.UNREACHABLE,
    "smtp.example:587: timed out": MailProblem.UNREACHABLE,
    "Connection unexpectedly closed": MailProblem.INTERRUPTED,
    "[Errno 104] Connection reset by peer": MailProblem.INTERRUPTED,
    "": MailProblem.OTHER,
    "550 5.3.0 Other mail system problem": MailProblem.OTHER,
    "555 syntax error": MailProblem.OTHER,
    "jabberwocky": MailProblem.OTHER,
}


@pytest.mark.parametrize(("answer", "problem"), ANSWERS.items())
def test_an_answer_is_understood(answer: str, problem: MailProblem) -> None:
    assert classify_answer(answer) == problem


def test_every_problem_is_found_in_some_answer() -> None:
    assert set(ANSWERS.values()) == set(MailProblem)


def test_numbers_that_are_no_codes_say_nothing() -> None:
    assert classify_answer("see 10.550.1.1 and 5.1.1.9 and 5502") == MailProblem.OTHER


def test_a_very_long_answer_is_read_in_no_time() -> None:
    assert classify_answer("user " * 20_000) == MailProblem.OTHER
