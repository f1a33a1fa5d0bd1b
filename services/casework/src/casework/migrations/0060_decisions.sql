-- Proposals as they stand, and what each still waits for. No words.
create table read.notices (
    tenant uuid not null,
    notice_id uuid not null,
    case_id uuid not null,
    child uuid not null,
    proposal text not null,
    state text not null check (state in ('drafted', 'issued', 'served', 'decided', 'withdrawn')),
    addressee uuid not null,
    addressed_as text not null,
    assessment uuid,
    plan_version integer,
    text_version integer not null,
    written_at timestamptz not null,
    issued_on date,
    served_on date,
    -- Of which attempt the service is.
    attempt integer,
    last_day date,
    representations integer not null default 0,
    late_representations integer not null default 0,
    satisfied_on date,
    decided_on date,
    outcome text,
    ground text,
    from_day date,
    urgent uuid,
    decision_served_on date,
    service_failed boolean not null default false,
    primary key (tenant, notice_id)
);
create index notices_of_case on read.notices (tenant, case_id, written_at, notice_id);
create index notices_by_state on read.notices (tenant, state, written_at, notice_id);
select es.protect('read.notices');

-- Urgent provision of each case; what was skipped is read from its record.
create table read.urgent_provisions (
    tenant uuid not null,
    provision_id uuid not null,
    case_id uuid not null,
    authorised_at timestamptz not null,
    primary key (tenant, provision_id)
);
create index urgent_provisions_of_case
    on read.urgent_provisions (tenant, case_id, authorised_at, provision_id);
select es.protect('read.urgent_provisions');

-- Complaints as they stand. No words; whom one is about is left out of what he is shown.
create table read.complaints (
    tenant uuid not null,
    complaint_id uuid not null,
    about_case uuid,
    notice uuid,
    worker uuid,
    handler uuid not null,
    made_by uuid not null,
    made_at timestamptz not null,
    state text not null check (state in ('running', 'answered', 'withdrawn')),
    stage integer not null,
    awaited text,
    due_on date,
    latest_on date,
    overdue boolean not null,
    finding text,
    primary key (tenant, complaint_id)
);
create index complaints_by_state on read.complaints (tenant, state, made_at, complaint_id);
select es.protect('read.complaints');
