-- Tasks as they stand: lists of work. Words stay in the record.
create table read.tasks (
    tenant uuid not null,
    task_id uuid not null,
    case_id uuid,
    child uuid,
    kind text not null,
    about text not null,
    raised_at timestamptz not null,
    -- 9999-12-31 where no day is named, so that such a task stands last.
    due date not null,
    -- Days on which it was due before, oldest first.
    earlier date[] not null,
    rule text not null,
    -- By which calendar of working days its day was counted; empty where none matters.
    calendar text not null,
    desk text not null,
    asked uuid,
    taken_by uuid,
    -- Whose work it is now: who took it on, else who is asked by name, else who leads the case.
    worker uuid,
    state text not null check (state in ('waiting', 'taken', 'done', 'dropped')),
    step integer not null,
    outcome text,
    over_at timestamptz,
    primary key (tenant, task_id)
);
create index tasks_of_worker on read.tasks (tenant, worker, due, task_id) include (case_id)
    where over_at is null;
create index tasks_by_due on read.tasks (tenant, due, task_id) where over_at is null;
create index tasks_of_case on read.tasks (tenant, case_id, due, task_id);
create index tasks_by_calendar on read.tasks (calendar, task_id)
    where over_at is null and calendar <> '';
select es.protect('read.tasks');

-- Who leads each case, for tasks that ask whoever does.
create table read.task_leads (
    tenant uuid not null,
    case_id uuid not null,
    worker uuid not null,
    primary key (tenant, case_id)
);
select es.protect('read.task_leads');

-- Which workers are in a team, from a day to a last day (9999-12-31: none is known).
create table read.team_members (
    tenant uuid not null,
    team text not null,
    worker uuid not null,
    from_day date not null,
    last_day date not null,
    primary key (tenant, team, worker)
);
select es.protect('read.team_members');

-- Which cases are of a child or family that a reader knows.
create index cases_by_child on read.cases (tenant, child);
create index cases_by_family on read.cases (tenant, family_id);
