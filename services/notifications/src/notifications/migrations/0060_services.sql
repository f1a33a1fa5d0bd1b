-- Service of statutory notices: what waits for a worker's hands, and what counts as served when.
create table read.services (
    tenant uuid not null,
    service_id uuid not null,
    position bigint not null,
    notice_id uuid not null,
    document text not null,
    text_version integer not null,
    addressee uuid not null,
    case_id uuid,
    state text not null check (state in ('awaited', 'prepared', 'served', 'dropped')),
    attempts integer not null,
    awaited_since timestamptz not null,
    method text,
    sent_on date,
    deemed_on date,
    rule text,
    reason text,
    primary key (tenant, service_id)
);
create index services_to_serve on read.services (tenant, position) where state in ('awaited', 'prepared');
create index services_of_notice on read.services (tenant, notice_id, position);
select es.protect('read.services');
