-- Heard from casework: who leads each case, and so may serve its notices.
create table read.leads (
    tenant uuid not null,
    case_id uuid not null,
    worker uuid not null,
    primary key (tenant, case_id)
);
select es.protect('read.leads');
