-- Which cases are of one family, as workers noted it; each direction is a row of its own.
create table read.family (
    tenant uuid not null,
    case_id uuid not null,
    other_case uuid not null,
    relation text not null,
    primary key (tenant, case_id, other_case)
);
select es.protect('read.family');
