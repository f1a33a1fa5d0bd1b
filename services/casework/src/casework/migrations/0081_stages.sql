-- At which stage of the pathway each case stands, and since when. `marks`: what its facts have set,
-- of which the first in the ranking of cases/stage.py says the stage.
create table read.stages (
    tenant uuid not null,
    case_id uuid not null,
    marks text[] not null,
    stage text not null,
    since timestamptz not null,
    primary key (tenant, case_id)
);
create index stages_by_stage on read.stages (tenant, stage, since, case_id);
select es.protect('read.stages');
