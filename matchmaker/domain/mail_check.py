"""Will mail of this site arrive? What its settings say, judged line by line, without asking the network.

What receivers look at is described in RFC 7208 (SPF), RFC 6376 (DKIM) and RFC 7489 (DMARC): each compares
the domain of the visible sender with the domain that sent, so the findings are about domains first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from matchmaker.config import LOCAL_NAMES
from matchmaker.domain.mail_findings import CheckLine, Finding, Topic

# Names that lead nowhere on the internet (RFC 2606, RFC 6761, RFC 6762).
NOWHERE = ("example", "test", "invalid", "localhost", "local", "example.com", "example.org", "example.net")
# Under which name the mail servers of large providers allow themselves in an SPF record.
_SPF_OF_PROVIDERS = MappingProxyType(
    {
        "office365.com": "spf.protection.outlook.com",
        "outlook.com": "spf.protection.outlook.com",
        "gmail.com": "_spf.google.com",
        "google.com": "_spf.google.com",
        "amazonaws.com": "amazonses.com",
        "sendgrid.net": "sendgrid.net",
        "mailgun.org": "mailgun.org",
    }
)


@dataclass(frozen=True, slots=True)
class Dkim:
    """How mails are signed.

    Parameters
    ----------
    selector
        Under which name the key is published.
    public_key
        As base64 for the record; empty when the key file cannot be read, then `problem` says why.
    """

    selector: str
    public_key: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSetup:
    """What there is to judge: settings of the site, and addresses as they stand in a mail of today.

    Parameters
    ----------
    server, port, tls, has_login
        The way out; an empty server means that mails become files in `directory`.
    directory_is_private
        Whether only the owner reads those files; None when there is no directory yet.
    sender, message_id, organiser, reply_to
        Addresses of a mail; of the Message-ID the part between the brackets. `reply_to` is empty when
        answers reach nobody, and None when there is no region to judge.
    dkim
        None when mails are not signed.
    unsubscribes
        Whether mail that nobody needs can be stopped from the mail program.
    per_minute
        Most mails in a minute; None: as fast as the server takes them.
    """

    server: str
    port: int
    tls: str
    has_login: bool
    directory: str
    directory_is_private: bool | None
    domain: str
    base_url: str
    sender: str
    message_id: str
    organiser: str
    reply_to: str | None
    dkim: Dkim | None
    unsubscribes: bool
    reads_replies: bool
    per_minute: int | None


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """A line for the operator's name server."""

    finding: Finding
    name: str
    kind: str
    value: str


def check_setup(setup: MailSetup) -> tuple[CheckLine, ...]:
    """Return what there is to say, topic by topic in the order of `Topic`."""
    return (*_check_server(setup), *_check_addresses(setup), *_check_trust(setup), *_check_answers(setup))


def list_records(setup: MailSetup) -> tuple[DnsRecord, ...]:
    """Return the records to publish, with what can be known of them here; none for a domain of nobody."""
    if leads_nowhere(setup.domain):
        return ()
    spf = DnsRecord(Finding.SPF, setup.domain, "TXT", f"v=spf1 {_spf_of(setup.server, setup.domain)} ~all")
    policy = f"v=DMARC1; p=none; rua=mailto:postmaster@{setup.domain}"
    dmarc = DnsRecord(Finding.DMARC, f"_dmarc.{setup.domain}", "TXT", policy)
    if setup.dkim is None or not setup.dkim.public_key:
        return (spf, dmarc)
    name = f"{setup.dkim.selector}._domainkey.{setup.domain}"
    value = f"v=DKIM1; k=rsa; p={setup.dkim.public_key}"
    return (DnsRecord(Finding.DKIM_ON, name, "TXT", value), spf, dmarc)


def shares_organisation(one: str, other: str) -> bool:
    """Tell whether two domains belong together: equal, one under the other, or under one parent.

    Which parents sell names to strangers nobody knows without a list from outside, so ``a.co.uk`` and
    ``b.co.uk`` count as one organisation: a warning less, never one too many.
    """
    one, other = one.lower().rstrip("."), other.lower().rstrip(".")
    return bool(one and other) and one.split(".")[-2:] == other.split(".")[-2:]


def domain_of(address: str) -> str:
    """Return what stands behind the @, in lower case; empty when there is none."""
    return address.rpartition("@")[2].lower() if "@" in address else ""


def leads_nowhere(domain: str) -> bool:
    """Tell whether a domain is reserved for examples and local networks, is a number, or is none at all."""
    name = domain.lower().rstrip(".")
    return (
        "." not in name
        or name.replace(".", "").isdigit()
        or any(name == end or name.endswith(f".{end}") for end in NOWHERE)
    )


def _check_server(setup: MailSetup) -> Iterator[CheckLine]:
    def line(finding: Finding, **facts: str | int) -> CheckLine:
        return CheckLine(Topic.SERVER, finding, facts)

    if not setup.server:
        yield line(Finding.SERVER_MISSING, directory=setup.directory)
        if setup.directory_is_private is False:
            yield line(Finding.DIRECTORY_OPEN, directory=setup.directory)
        return
    yield line(Finding.SERVER_SET, server=setup.server, port=setup.port)
    yield line(_judge_tls(setup), server=setup.server, tls=setup.tls)
    is_near = setup.server in LOCAL_NAMES
    yield line(Finding.LOGIN_SET if setup.has_login or is_near else Finding.LOGIN_MISSING)
    if setup.per_minute is None:
        yield line(Finding.PACE_FREE)
    else:
        yield line(Finding.PACE_SET, number=setup.per_minute)


def _judge_tls(setup: MailSetup) -> Finding:
    if setup.tls != "none":
        return Finding.TLS_VERIFIED
    if setup.server in LOCAL_NAMES:
        return Finding.TLS_NOT_NEEDED
    return Finding.PASSWORD_IN_CLEAR if setup.has_login else Finding.TLS_MISSING


def _check_addresses(setup: MailSetup) -> Iterator[CheckLine]:
    def line(finding: Finding, **facts: str | int) -> CheckLine:
        return CheckLine(Topic.ADDRESSES, finding, facts)

    nowhere = leads_nowhere(setup.domain)
    yield line(Finding.DOMAIN_NOWHERE if nowhere else Finding.DOMAIN_SET, domain=setup.domain)
    strange = [a for a in (setup.sender, setup.message_id, setup.organiser) if domain_of(a) != setup.domain]
    if strange:
        yield line(Finding.SENDER_STRANGE, domain=setup.domain, addresses=", ".join(strange))
    else:
        yield line(Finding.SENDER_ALIGNED, domain=setup.domain)
    if setup.reply_to is not None:
        yield line(_judge_reply_to(setup.reply_to, setup.domain), address=setup.reply_to)
    yield line(_judge_links(setup), url=setup.base_url, domain=setup.domain)


def _judge_reply_to(reply_to: str, domain: str) -> Finding:
    if not reply_to:
        return Finding.REPLY_TO_MISSING
    own = shares_organisation(domain_of(reply_to), domain)
    return Finding.REPLY_TO_OWN if own else Finding.REPLY_TO_ELSEWHERE


def _judge_links(setup: MailSetup) -> Finding:
    parts = urlsplit(setup.base_url)
    name = parts.hostname or ""
    if leads_nowhere(name):
        return Finding.LINKS_LOCAL
    if parts.scheme != "https":
        return Finding.LINKS_OPEN
    return Finding.LINKS_OWN if shares_organisation(name, setup.domain) else Finding.LINKS_ELSEWHERE


def _check_trust(setup: MailSetup) -> Iterator[CheckLine]:
    def line(finding: Finding, **facts: str | int) -> CheckLine:
        return CheckLine(Topic.TRUST, finding, {"domain": setup.domain, **facts})

    if setup.dkim is None:
        yield line(Finding.DKIM_OFF)
    elif setup.dkim.problem:
        yield line(Finding.DKIM_BROKEN, problem=setup.dkim.problem)
    else:
        yield line(Finding.DKIM_ON, selector=setup.dkim.selector)
    if not leads_nowhere(setup.domain):
        yield line(Finding.SPF)
        yield line(Finding.DMARC)
    yield line(Finding.UNSUBSCRIBE_SET if setup.unsubscribes else Finding.UNSUBSCRIBE_MISSING)


def _check_answers(setup: MailSetup) -> Iterator[CheckLine]:
    finding = Finding.REPLIES_READ if setup.reads_replies else Finding.REPLIES_UNREAD
    yield CheckLine(Topic.ANSWERS, finding, {"domain": setup.domain, "address": setup.organiser})


def _spf_of(server: str, domain: str) -> str:
    """Return who may send for the domain: a provider by its known name, else the server by its own."""
    parent = ".".join(server.lower().split(".")[-2:])
    if parent in _SPF_OF_PROVIDERS:
        return f"include:{_SPF_OF_PROVIDERS[parent]}"
    return f"a:{server}" if server and server not in LOCAL_NAMES else f"a:{domain}"
