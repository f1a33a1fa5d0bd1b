-- A case whose custody has passed to another authority: its record here stands still.
alter table read.cases drop constraint cases_state_check;
alter table read.cases
    add constraint cases_state_check check (state in ('open', 'closed', 'transferred'));

-- Cases that other authorities offer.
create table read.incoming_transfers (
    tenant uuid not null,
    transfer_id uuid not null,
    case_id uuid not null,
    child uuid not null,
    sent_by uuid not null,
    state text not null
        check (state in ('waiting', 'accepted', 'refused', 'given-back', 'received', 'whole')),
    ground text not null,
    reason text not null,
    parts text[] not null,
    arrived_at timestamptz not null,
    primary key (tenant, transfer_id)
);
create index incoming_transfers_by_state
    on read.incoming_transfers (tenant, state, arrived_at, transfer_id);
select es.protect('read.incoming_transfers');

-- By which events custody of a case passed: a row on each of the two sides, of one event.
create table read.custody (
    tenant uuid not null,
    case_id uuid not null,
    event_id uuid not null,
    at timestamptz not null,
    from_authority uuid not null,
    to_authority uuid not null,
    primary key (tenant, case_id, event_id)
);
select es.protect('read.custody');

-- Cases that are here and whose record's copy is still to be brought.
create table read.copies_due (
    tenant uuid not null,
    transfer_id uuid not null,
    received_by uuid not null,
    correlation_id uuid not null,
    primary key (tenant, transfer_id)
);
select es.protect('read.copies_due');

-- What came along with cases.
create table read.transferred_entries (
    tenant uuid not null,
    case_id uuid not null,
    event_id uuid not null,
    part text not null,
    occurred_at timestamptz not null,
    occurred_precision text not null,
    position bigint not null,
    stream_id uuid not null,
    version integer not null,
    type text not null,
    schema_version integer not null,
    said jsonb not null,
    sealed jsonb not null,
    primary key (tenant, case_id, occurred_at, position)
);
select es.protect('read.transferred_entries');
