-- Concerns as they stand: the list from which nobody's call is lost. No words.
create table read.concerns (
    tenant uuid not null,
    concern_id uuid not null,
    child uuid,
    referral_id uuid,
    case_id uuid,
    source text not null,
    state text not null check (state in ('raised', 'acknowledged', 'closed')),
    raised_at timestamptz not null,
    out_of_hours boolean not null,
    unstaffed boolean not null,
    escalations integer not null,
    acknowledged_by text,
    acknowledged_at timestamptz,
    outcome text,
    primary key (tenant, concern_id)
);
create index concerns_by_state on read.concerns (tenant, state, raised_at, concern_id);
select es.protect('read.concerns');

-- Authorities that were notified and have not answered.
create table read.concern_answers (
    tenant uuid not null,
    concern_id uuid not null,
    authority text not null,
    answer_by date not null,
    primary key (tenant, concern_id, authority)
);
select es.protect('read.concern_answers');
