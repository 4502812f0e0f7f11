"""The findings about the way out in words: on a page in its language, in a terminal in English."""

from __future__ import annotations

from collections.abc import Mapping

from matchmaker.domain.mail_findings import CheckLine, Finding, Grade, Topic
from matchmaker.notifications.speech import gettext as _


def N_(text: str) -> str:  # noqa: N802 - gettext's own word for "translated where it is shown"
    """Mark a text for the catalogues."""
    return text


_TOPICS: Mapping[Topic, str] = {
    Topic.SERVER: N_("Versturen"),
    Topic.ADDRESSES: N_("Adressen en links"),
    Topic.TRUST: N_("Vertrouwen van ontvangers"),
    Topic.ANSWERS: N_("Antwoorden"),
}
_GRADES: Mapping[Grade, str] = {
    Grade.GOOD: N_("goed"),
    Grade.LOOK: N_("kijk zelf na"),
    Grade.WEAK: N_("kan beter"),
    Grade.BROKEN: N_("klopt niet"),
}
_SENTENCES: Mapping[Finding, tuple[str, str]] = {
    Finding.SERVER_SET: (N_("Mailserver %(server)s, poort %(port)s"), ""),
    Finding.SERVER_MISSING: (
        N_("Er is geen mailserver ingesteld"),
        N_(
            "Niemand krijgt mail: elke mail wordt een bestand in %(directory)s. "
            "De beheerder vult MATCHMAKER_MAIL_SERVER in."
        ),
    ),
    Finding.DIRECTORY_OPEN: (
        N_("Anderen op deze machine kunnen de mails lezen"),
        N_("Geef de map %(directory)s de rechten 700."),
    ),
    Finding.TLS_VERIFIED: (
        N_("De verbinding is versleuteld (%(tls)s)"),
        N_("Klopt het certificaat van de mailserver niet, dan gaat er niets weg."),
    ),
    Finding.TLS_NOT_NEEDED: (
        N_("De mailserver staat op dezelfde machine"),
        N_("Zonder versleuteling is dat goed. Zorg dat die server zelf versleuteld verstuurt."),
    ),
    Finding.TLS_MISSING: (
        N_("De verbinding is niet versleuteld"),
        N_("Iedereen onderweg kan meelezen. De beheerder zet MATCHMAKER_MAIL_TLS op starttls of ssl."),
    ),
    Finding.PASSWORD_IN_CLEAR: (
        N_("Het wachtwoord van de mailserver gaat onversleuteld over het net"),
        N_("De beheerder zet MATCHMAKER_MAIL_TLS op starttls of ssl en kiest een nieuw wachtwoord."),
    ),
    Finding.LOGIN_SET: (N_("De site mag op de mailserver versturen"), ""),
    Finding.LOGIN_MISSING: (
        N_("De site logt niet in op de mailserver"),
        N_("Dat werkt alleen als de server deze machine vertrouwt. Stuur hieronder een proefmail."),
    ),
    Finding.PACE_SET: (
        N_("Hoogstens %(number)s mails per minuut"),
        N_("Mail om in te loggen gaat altijd voor."),
    ),
    Finding.PACE_FREE: (
        N_("Zo snel als de mailserver toelaat"),
        N_("Noemt de provider een grens, vul die dan in als MATCHMAKER_MAIL_PER_MINUTE."),
    ),
    Finding.DOMAIN_SET: (N_("Afzenders en afspraken horen bij %(domain)s"), ""),
    Finding.DOMAIN_NOWHERE: (
        N_("Het domein %(domain)s bestaat niet op internet"),
        N_("Ontvangers weigeren zulke mail. De beheerder vult MATCHMAKER_MAIL_DOMAIN in."),
    ),
    Finding.SENDER_ALIGNED: (
        N_("Afzender, kenmerk en agenda-afspraak noemen hetzelfde domein"),
        N_("Zo herkent een mailprogramma dat de afspraak van de afzender komt."),
    ),
    Finding.SENDER_STRANGE: (
        N_("Niet alles noemt het domein %(domain)s"),
        N_("Ontvangers wantrouwen dat. Het gaat om: %(addresses)s."),
    ),
    Finding.REPLY_TO_OWN: (N_("Antwoorden gaan naar %(address)s"), ""),
    Finding.REPLY_TO_ELSEWHERE: (
        N_("Antwoorden gaan naar %(address)s"),
        N_("Dat is een ander domein dan de afzender. Dat mag; let op dat iemand die mailbox leest."),
    ),
    Finding.REPLY_TO_MISSING: (
        N_("Wie antwoordt, krijgt niemand"),
        N_("Vul bij de instellingen van de regio een e-mailadres van het regiobureau in."),
    ),
    Finding.LINKS_OWN: (N_("Links in mails beginnen met %(url)s"), ""),
    Finding.LINKS_ELSEWHERE: (
        N_("Links in mails beginnen met %(url)s"),
        N_(
            "Dat is een ander domein dan dat van de afzender, %(domain)s. Spamfilters letten daarop; "
            "gebruik liefst één domein."
        ),
    ),
    Finding.LINKS_LOCAL: (
        N_("Links in mails werken alleen op deze machine: %(url)s"),
        N_("De beheerder vult in MATCHMAKER_BASE_URL het adres in dat mensen in hun browser zien."),
    ),
    Finding.LINKS_OPEN: (
        N_("Links in mails zijn niet beveiligd: %(url)s"),
        N_("De beheerder geeft de site een https-adres en vult dat in als MATCHMAKER_BASE_URL."),
    ),
    Finding.DKIM_ON: (
        N_("Mails worden ondertekend (DKIM, sleutel %(selector)s)"),
        N_("Kijk na of de regel hieronder bij %(domain)s in het DNS staat."),
    ),
    Finding.DKIM_OFF: (
        N_("De site ondertekent mails niet (DKIM)"),
        N_("Dat is alleen goed als de mailserver zelf ondertekent voor %(domain)s. Vraag dat na."),
    ),
    Finding.DKIM_BROKEN: (
        N_("De sleutel om mails te ondertekenen is niet bruikbaar"),
        N_("Er gaat geen mail weg: %(problem)s."),
    ),
    Finding.SPF: (
        N_("SPF: welke servers mogen voor %(domain)s versturen"),
        N_(
            "Er mag maar één SPF-regel zijn. Staat er al een, voeg dan alleen het middelste deel toe. "
            "De provider van de mailserver zegt wat dat deel precies is."
        ),
    ),
    Finding.DMARC: (
        N_("DMARC: wat ontvangers doen met mail die niet klopt"),
        N_(
            "Begin met p=none en lees twee weken de overzichten op het adres achter rua. "
            "Klopt alles, maak er dan p=quarantine van."
        ),
    ),
    Finding.UNSUBSCRIBE_SET: (
        N_("Mail die niet nodig is, kan met één klik worden gestopt"),
        N_("Gmail en Yahoo vragen daarom bij grote aantallen."),
    ),
    Finding.UNSUBSCRIBE_MISSING: (
        N_("Mail die niet nodig is, kan niet met één klik worden gestopt"),
        N_(
            "Gmail en Yahoo vragen daarom bij grote aantallen. Het werkt zodra de site een https-adres heeft."
        ),
    ),
    Finding.REPLIES_READ: (
        N_("Antwoorden van agenda’s worden gelezen"),
        N_(
            "Ze komen aan op adressen zoals %(address)s. Kijk na of het MX-record van %(domain)s naar die "
            "mailbox leidt, en of die mailbox adressen met een plusteken aanneemt."
        ),
    ),
    Finding.REPLIES_UNREAD: (
        N_("Antwoorden van agenda’s worden niet gelezen"),
        N_("Dat hoeft ook niet. Wie dat wil, zet MATCHMAKER_READ_REPLIES aan; zie de handleiding."),
    ),
}


def name_topic(topic: Topic) -> str:
    """Return the heading of a topic in the language of now."""
    return _(_TOPICS[topic])


def name_grade(grade: Grade) -> str:
    """Return how bad a finding is, in one or two words."""
    return _(_GRADES[grade])


def word_line(line: CheckLine) -> tuple[str, str]:
    """Return what a line says, and what to do or know about it; that may be empty."""
    title, advice = _SENTENCES[line.finding]
    return _(title, **line.facts), _(advice, **line.facts) if advice else ""
