"""The roles that a token may carry (SECURITY §1)."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is trusted to do; the order is that in which a caller's acts are labelled."""

    DUTY_WORKER = "duty-worker"
    SUPPORT_WORKER = "support-worker"
    THERAPIST = "therapist"
    SOCIAL_WORKER = "social-worker"
    TEAM_MANAGER = "team-manager"
    GROUP_FACILITATOR = "group-facilitator"
    LETTERBOX_OFFICER = "letterbox-officer"
    FINANCE_OFFICER = "finance-officer"
    AUDITOR = "auditor"
    DATA_PROTECTION_OFFICER = "data-protection-officer"
    COMMISSIONER = "commissioner"
    # A system of an authority or a partner, fed with pseudonymous facts.
    SUBSCRIBER = "subscriber"
    # Runs the platform; sees no personal data at all.
    OPERATOR = "platform-operator"
    # Background work of one of our own services.
    SERVICE = "service"
