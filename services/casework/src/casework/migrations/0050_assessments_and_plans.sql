-- What is known in a case, by heading and topic. `sealed` copies the words of the latest entry with
-- what their opening is bound to.
create table read.information (
    tenant uuid not null,
    item_id uuid not null,
    case_id uuid not null,
    -- The place of the heading among the seven.
    heading_place smallint not null,
    heading text not null,
    topic text not null,
    source text not null,
    basis text not null,
    said_on date not null,
    recorded_at timestamptz not null,
    actor text not null,
    event_id uuid not null,
    corrections integer not null,
    stream_id uuid not null,
    version integer not null,
    type text not null,
    schema_version integer not null,
    sealed jsonb not null,
    primary key (tenant, item_id)
);
create index information_by_case
    on read.information (tenant, case_id, heading_place, topic, said_on, item_id);
select es.protect('read.information');

-- Items in contradictions that nobody has settled.
create table read.flagged_items (
    tenant uuid not null,
    item_id uuid not null,
    conflict_id uuid not null,
    primary key (tenant, item_id, conflict_id)
);
create index flagged_items_by_conflict on read.flagged_items (tenant, conflict_id);
select es.protect('read.flagged_items');

-- Assessments that are being made.
create table read.assessments (
    tenant uuid not null,
    assessment_id uuid not null,
    case_id uuid not null,
    child uuid not null,
    kind text not null,
    requested_on date not null,
    due_on date not null,
    overdue boolean not null,
    joint uuid,
    primary key (tenant, assessment_id)
);
create index assessments_by_due_day on read.assessments (tenant, due_on, assessment_id);
create index assessments_overdue on read.assessments (tenant, due_on, assessment_id) where overdue;
select es.protect('read.assessments');

-- The plan in force of each case, also while it is paused; `review_by` as is known now.
create table read.plans (
    tenant uuid not null,
    case_id uuid not null,
    child uuid not null,
    version integer not null,
    state text not null check (state in ('active', 'paused')),
    active_from date not null,
    monitor uuid not null,
    review_by date not null,
    primary key (tenant, case_id)
);
create index plans_by_monitor on read.plans (tenant, monitor, review_by, case_id);
select es.protect('read.plans');

-- The review that is next in each case with a plan in force.
create table read.reviews (
    tenant uuid not null,
    case_id uuid not null,
    child uuid not null,
    number integer not null,
    trigger text not null,
    due_on date not null,
    overdue boolean not null,
    underway boolean not null,
    primary key (tenant, case_id)
);
create index reviews_by_due_day on read.reviews (tenant, due_on, case_id);
create index reviews_overdue on read.reviews (tenant, due_on, case_id) where overdue;
select es.protect('read.reviews');
