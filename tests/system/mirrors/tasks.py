"""Tasks and lists of work of another authority, asked for."""

from tests.system.mirrors.case import OK, Case

TASK = {"task_id": "{task}"}

CASES = (
    Case(
        "TasksService.AgreeAction",
        {"case_id": "{case}", "due_on": "2030-01-02", "desk": "lead", "words": "Ring them."},
    ),
    Case("TasksService.AcknowledgeTask", TASK),
    Case("TasksService.HandTask", TASK | {"desk": "duty", "reason": "workload"}),
    Case("TasksService.CompleteTask", TASK | {"outcome": "done"}),
    Case("TasksService.GetTask", TASK),
    Case("TasksService.ListMyTasks", {"worker_id": "{worker}", "all": True}, own=OK),
    Case("TasksService.ListTeamRisks", {"team": "adoption-support", "limit": 200}, own=OK),
    Case("TasksService.ListOverdueTasks", {"limit": 200}, own=OK),
    Case("TasksService.ListCaseTasks", {"case_id": "{case}"}, own=OK),
    Case("TasksService.ListWaiting", {"stage": "allocated", "limit": 200}, own=OK),
    Case("TasksService.CountWaiting", own=OK),
)
"""All ways to ask for what is another authority's."""
