"""Who is told of a concern at an instant, worked out from the two rotas. Pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casework.urgent.rota_states import Rota, stands_at, stood_last
from casework.urgent.rule import Post, is_office_time


@dataclass(frozen=True, slots=True)
class Alert:
    """Workers who are told, and which post nobody stood for although somebody must have."""

    out_of_hours: bool
    tell: tuple[UUID, ...]
    unstaffed: tuple[Post, ...]


def alert_at(managers: Rota, on_call: Rota, at: datetime) -> Alert:
    """Tell the duty manager and the worker on call, whoever of them stands.

    Where the post that the hour asks for has nobody, the manager who stood last is told as well:
    it is his rota that has the gap.
    """
    out_of_hours = not is_office_time(at)
    wanted, rota = (Post.ON_CALL, on_call) if out_of_hours else (Post.DUTY_MANAGER, managers)
    unstaffed = () if stands_at(rota, at) else (wanted,)
    asked = [stands_at(managers, at), stands_at(on_call, at)]
    if unstaffed:
        asked.append(stood_last(managers))
    tell = dict.fromkeys(each for each in asked if each is not None)
    return Alert(out_of_hours, tuple(tell), unstaffed)
