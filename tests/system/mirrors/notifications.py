"""Messages of another authority, asked for."""

from chassis.roles import Role
from tests.system.mirrors.case import OK, Case

WORKER = Role.SUPPORT_WORKER

CASES = (
    Case(
        "NotificationsService.PublishTemplate",
        {"code": "case-allocated", "channel": "in-app", "subject": "News", "text": "A case."},
        own=OK,
    ),
    Case("NotificationsService.GetTemplate", {"code": "case-allocated"}, own=OK),
    Case("NotificationsService.ListInbox", {"limit": 100}, WORKER, OK),
    Case("NotificationsService.AcknowledgeMessage", {"message_id": "{note}"}, WORKER),
    Case("NotificationsService.ListMessages", {"case_id": "{case}"}, own=OK),
    Case("NotificationsService.ListMessages", {"recipient": "{contact}"}, own=OK),
    Case("NotificationsService.GetMessage", {"message_id": "{note}"}),
    Case("NotificationsService.GetMessage", {"unseal": True, "message_id": "{note}"}, WORKER),
    Case("ByHandService.ListToPost", {"limit": 500}, own=OK),
    Case("ByHandService.ListToCall", {"limit": 500}, own=OK),
    Case("ByHandService.PrepareMessage", {"message_id": "{letter}"}),
    Case("ByHandService.RecordPosted", {"message_id": "{letter}"}),
    Case("ByHandService.RecordCalled", {"message_id": "{call}", "outcome": "reached"}),
    Case("NoticesService.ListToServe", {"limit": 500}, own=OK),
    Case("NoticesService.ListServices", {"notice_id": "{notice}"}, own=OK),
    Case("NoticesService.PrepareService", {"service_id": "{service}", "method": "by-hand"}),
    Case("NoticesService.RecordServed", {"service_id": "{service}"}),
    Case("NoticesService.RecordNotServed", {"service_id": "{service}", "reason": "returned"}),
)
